"""Drafting by the rules of the lexicon, with the small model that the extra `draft` brings."""

from app.drafting import Article, model, newcomers
from app.drafting.relations import Relations

# Some forty times what a long article has; it takes less than a minute.
MOST_READ = 300_000


class Reader:
    """Finds new names and what is said of them; loading it takes seconds, so it is made once."""

    def __init__(self) -> None:
        self._model = model.load()
        self._relations = Relations(self._model)

    def __call__(self, article: Article) -> str:
        """Add what it finds to the article, and say what it is called.

        A text that is not English, or no article but a book, it leaves alone, and says nothing.
        """
        if len(article.text) > MOST_READ:
            article.refused.append(
                f"a text of more than {MOST_READ} characters is too long for the rules of the lexicon"
            )
            return ""
        if article.is_english is False:
            return ""
        lines = model.read(self._model, article.text, article.spans)
        newcomers.find(article, lines)
        article.proposals += self._relations.find(article, lines)
        return f"the lexicon with {model.name()}"
