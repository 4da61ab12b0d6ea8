"""The words of made-up titles, texts and names, the most usual first. Written for this; data and nothing else."""

# The first is in nine texts of ten, since `benchmarks.films` takes words as a language does: the second half as often.
_USUAL = """
space orbit moon star night crew light return silence station earth signal dark journey engine dream city river
launch winter captain memory ocean letter shadow pilot summer harbour machine garden window prisoner island desert
mountain comet voyage brother sister mother father daughter stranger doctor soldier teacher farmer painter singer
dancer hunter sailor baker gunner keeper widow child king queen gold iron silver copper glass paper stone ember ash
smoke fire storm thunder rain snow frost wind tide wave shore cliff valley forest meadow field road bridge tower
castle temple prison market factory hospital school theatre museum library conductor railway airfield border
village capital empire republic revolution war peace treaty trial murder robbery escape rescue wedding funeral feast
hunger plague fever wound scar blade bullet poison mirror mask crown ring key lock door gate wall roof cellar attic
kitchen table bread salt honey wine milk apple orange cherry rose lily oak willow pine cedar wolf bear fox hawk raven
crow swan horse hound tiger lion spider serpent whale dolphin salmon sparrow owl clock calendar century decade year
month morning evening midnight noon dawn dusk spring autumn yesterday tomorrow always never again alone together
between beyond beneath above across against without within around along north south east west red blue green white
black yellow violet grey pale bright hollow broken hidden lost found forgotten stolen borrowed burning frozen sunken
rising falling silent secret sacred wild gentle cruel honest bitter sweet golden ancient modern final first second
third seventh last little great long short deep high low
"""  # fmt: skip
USUAL = tuple(_USUAL.split())

_SYLLABLES = tuple(consonant + vowel for consonant in "bdklmnrs" for vowel in "aeiou")
# Coprime to the number of words of three syllables, so that each is made once, and neighbours do not begin alike.
_STRIDE = 27_073


def coined(number: int) -> str:
    """A word that no language has, a different one for each number below 64,000."""
    rest = number * _STRIDE % len(_SYLLABLES) ** 3
    word = ""
    for _ in range(3):
        rest, syllable = divmod(rest, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
    return word


VOCABULARY = (*USUAL, *(coined(number) for number in range(60_000 - len(USUAL))))
_GIVEN_NAMES = """
Anna Boris Clara Daniel Elena Fyodor Greta Hugo Irina Jonas Katya Leon Mira Nikolai Olga Pavel Rosa Sergei Tanya
Viktor Wanda Yuri Zoya Alma Bruno Celia Dmitri Edith Felix Gloria Henrik Ines Julian Karin Lukas Marta Nora Oscar
Petra Ruben Sofia Thomas Ursula Valentin Yvonne Zeno Agnes Benedikt Carmen Diego Esther Franz Ginger Harold Iris
Jasper Kenji Lydia Mateo Naomi Otto Priya Quentin Ravi Sabine Tomasz Uma Vera Walter Ximena Yasmin Zacharias Amir
Beatrix Chandra Dalia Emil Farah Goran Hana
"""  # fmt: skip
GIVEN_NAMES = tuple(_GIVEN_NAMES.split())
