"""The API on the settings in force, for whoever serves it: `app.main:app`.

All of what it imports stays: nobody looks for garbage in it, neither meanwhile, a tenth of the time, nor later.
"""

import gc

is_collecting = gc.isenabled()
gc.disable()
try:
    from app.application import create_app
    from app.settings import get_settings

    app = create_app(get_settings())
    # FastAPI builds what it knows of the routes of a router for the first request that it looks for among them, who
    # would wait for it; and each process for itself, where one that is a copy has it.
    for route in app.routes:
        route.matches({"type": "http", "method": "GET", "path": "/", "headers": []})
    gc.freeze()
finally:
    if is_collecting:
        gc.enable()
