import httpx


def test_smoke(api: httpx.Client) -> None:
    assert api.get("/films").json()["count"] == 4
