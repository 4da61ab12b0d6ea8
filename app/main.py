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
    gc.freeze()
finally:
    if is_collecting:
        gc.enable()
