"""What Wikidata's items are in the terms of the vocabulary: kinds, texts and units by the number of the item. Data.

An item is text here where the vocabulary has text: its English label, of those that films and spaceflight are told in.
"""

import re
from collections.abc import Mapping

from app.schemes import IDENTIFIER_FORMS, IDENTIFIER_URLS
from app.vocabulary import PROPERTIES, Kind, Property

HUMAN, FILM_CHARACTER = 5, 15773347
# Of which kind an item is that is an instance of one of these, and the English label of that; the first kind wins.
CLASSES: Mapping[Kind, Mapping[int, str]] = {
    "person": {HUMAN: "human"},
    "film": {
        11424: "film", 24862: "short film", 24869: "feature film", 93204: "documentary film", 202866: "animated film",
        506240: "television film", 226730: "silent film", 29168811: "animated feature film",
        18011172: "film project", 17517379: "animated short film", 229390: "3D film", 20650540: "anime film",
    },
    "character": {FILM_CHARACTER: "film character", 15632617: "fictional human", 95074: "fictional character"},
    "event": {
        1656682: "event", 2133344: "space mission", 5916: "spaceflight", 752783: "human spaceflight",
        220505: "film festival", 27787439: "film festival edition", 4504495: "award ceremony",
    },
    "organisation": {
        43229: "organization", 4830453: "business", 783794: "company", 6881511: "enterprise", 891723: "public company",
        1762059: "film production company", 375336: "film studio", 1107679: "animation studio",
        1616075: "television station", 15265344: "broadcaster", 327333: "government agency",
        2659904: "government organization", 163740: "nonprofit organization", 3918: "university",
        936518: "aerospace manufacturer", 2085381: "publisher", 10689397: "television production company",
        18388277: "technology company", 7278: "political party", 476028: "association football club",
        484652: "international organization",
    },
    "place": {
        6256: "country", 3624078: "sovereign state", 3336843: "constituent country of the United Kingdom",
        515: "city", 1549591: "big city", 1637706: "million city", 5119: "capital", 486972: "human settlement",
        532: "village", 3957: "town", 484170: "commune of France", 1093829: "city of the United States",
        35657: "U.S. state", 82794: "geographic region", 23442: "island", 8502: "mountain", 4022: "river",
        23397: "lake", 634: "planet", 3504248: "inner planet", 25956: "space station", 194188: "spaceport",
        41176: "building", 12280: "bridge", 33506: "museum", 1248784: "airport", 2537: "natural satellite",
        747074: "comune of Italy", 262166: "municipality of Germany", 70208: "municipality of Switzerland",
        2074737: "municipality of Spain", 47168: "county of the United States", 123705: "neighborhood",
        8514: "desert", 39816: "valley", 46169: "national park", 165: "sea", 9430: "ocean", 5107: "continent",
        1353183: "launch pad",
    },
}  # fmt: skip

_GENRES = {
    130232: "drama film", 157443: "comedy film", 188473: "action film", 471839: "science fiction film",
    200092: "horror film", 319221: "adventure film", 2484376: "thriller film", 1054574: "romance film",
    959790: "crime film", 645928: "biographical film", 157394: "fantasy film", 369747: "war film",
    21590660: "western film", 842256: "musical film", 1200678: "mystery film", 185867: "film noir",
    24925: "science fiction", 25372: "drama", 93204: "documentary film", 226730: "silent film",
    202866: "animated film", 459290: "independent film",
}  # fmt: skip
_OCCUPATIONS = {
    33999: "actor", 10800557: "film actor", 10798782: "television actor", 2259451: "stage actor",
    2405480: "voice actor", 2526255: "film director", 3455803: "director", 28389: "screenwriter",
    3282637: "film producer", 1053574: "executive producer", 222344: "cinematographer", 36834: "composer",
    1415090: "film score composer", 7042855: "film editor", 11631: "astronaut", 36180: "writer", 82955: "politician",
    177220: "singer", 639669: "musician", 486748: "pianist", 158852: "conductor", 214917: "playwright",
    6625963: "novelist", 49757: "poet", 1930187: "journalist", 947873: "television presenter", 245068: "comedian",
    4610556: "model", 81096: "engineer", 169470: "physicist", 11063: "astronomer", 2095549: "aircraft pilot",
    37226: "teacher", 1622272: "university teacher", 4964182: "philosopher", 188094: "economist", 39631: "physician",
    193391: "diplomat", 189290: "military officer", 372436: "statesperson", 40348: "lawyer", 170790: "mathematician",
}  # fmt: skip
_COUNTRIES = {
    30: "United States", 159: "Russia", 15180: "Soviet Union", 145: "United Kingdom", 142: "France", 183: "Germany",
    38: "Italy", 29: "Spain", 17: "Japan", 148: "People's Republic of China", 668: "India", 16: "Canada",
    408: "Australia", 155: "Brazil", 96: "Mexico", 36: "Poland", 34: "Sweden", 35: "Denmark", 20: "Norway",
    33: "Finland", 55: "Netherlands", 31: "Belgium", 39: "Switzerland", 40: "Austria", 28: "Hungary", 218: "Romania",
    219: "Bulgaria", 212: "Ukraine", 184: "Belarus", 232: "Kazakhstan", 801: "Israel", 43: "Turkey", 794: "Iran",
    79: "Egypt", 258: "South Africa", 884: "South Korea", 27: "Ireland", 45: "Portugal", 41: "Greece",
    213: "Czech Republic", 33946: "Czechoslovakia", 214: "Slovakia", 414: "Argentina", 298: "Chile", 241: "Cuba",
    881: "Vietnam", 711: "Mongolia", 889: "Afghanistan", 858: "Syria", 851: "Saudi Arabia",
    878: "United Arab Emirates", 664: "New Zealand", 189: "Iceland", 191: "Estonia", 211: "Latvia", 37: "Lithuania",
    16957: "German Democratic Republic", 34266: "Russian Empire", 43287: "German Empire", 28513: "Austria-Hungary",
    174193: "United Kingdom of Great Britain and Ireland", 41304: "Weimar Republic", 756617: "Kingdom of Denmark",
    865: "Taiwan", 833: "Malaysia", 252: "Indonesia", 928: "Philippines", 869: "Thailand", 334: "Singapore",
    843: "Pakistan", 902: "Bangladesh", 854: "Sri Lanka", 837: "Nepal", 917: "Bhutan", 836: "Myanmar",
    424: "Cambodia", 819: "Laos", 423: "North Korea", 8646: "Hong Kong", 574: "East Timor", 921: "Brunei",
    826: "Maldives", 796: "Iraq", 810: "Jordan", 822: "Lebanon", 817: "Kuwait", 846: "Qatar", 398: "Bahrain",
    842: "Oman", 805: "Yemen", 219060: "State of Palestine", 265: "Uzbekistan", 874: "Turkmenistan",
    813: "Kyrgyzstan", 863: "Tajikistan", 230: "Georgia", 399: "Armenia", 227: "Azerbaijan", 217: "Moldova",
    403: "Serbia", 224: "Croatia", 215: "Slovenia", 225: "Bosnia and Herzegovina", 236: "Montenegro",
    221: "North Macedonia", 1246: "Kosovo", 222: "Albania", 229: "Cyprus", 233: "Malta", 32: "Luxembourg",
    347: "Liechtenstein", 235: "Monaco", 238: "San Marino", 228: "Andorra", 237: "Vatican City", 1028: "Morocco",
    262: "Algeria", 948: "Tunisia", 1016: "Libya", 1049: "Sudan", 958: "South Sudan", 115: "Ethiopia", 986: "Eritrea",
    977: "Djibouti", 1045: "Somalia", 114: "Kenya", 1036: "Uganda", 924: "Tanzania", 1037: "Rwanda", 967: "Burundi",
    974: "Democratic Republic of the Congo", 971: "Republic of the Congo", 1000: "Gabon", 1009: "Cameroon",
    929: "Central African Republic", 657: "Chad", 983: "Equatorial Guinea", 1039: "São Tomé and Príncipe",
    1033: "Nigeria", 1032: "Niger", 962: "Benin", 945: "Togo", 117: "Ghana", 1008: "Ivory Coast", 965: "Burkina Faso",
    912: "Mali", 1041: "Senegal", 1005: "The Gambia", 1006: "Guinea", 1007: "Guinea-Bissau", 1044: "Sierra Leone",
    1014: "Liberia", 1025: "Mauritania", 1011: "Cape Verde", 916: "Angola", 953: "Zambia", 954: "Zimbabwe",
    1029: "Mozambique", 1020: "Malawi", 963: "Botswana", 1030: "Namibia", 1013: "Lesotho", 1050: "Eswatini",
    1019: "Madagascar", 1027: "Mauritius", 1042: "Seychelles", 970: "Comoros", 739: "Colombia", 717: "Venezuela",
    736: "Ecuador", 419: "Peru", 750: "Bolivia", 733: "Paraguay", 77: "Uruguay", 734: "Guyana", 730: "Suriname",
    804: "Panama", 800: "Costa Rica", 811: "Nicaragua", 783: "Honduras", 792: "El Salvador", 774: "Guatemala",
    242: "Belize", 766: "Jamaica", 790: "Haiti", 786: "Dominican Republic", 754: "Trinidad and Tobago",
    778: "The Bahamas", 244: "Barbados", 784: "Dominica", 769: "Grenada", 760: "Saint Lucia",
    757: "Saint Vincent and the Grenadines", 763: "Saint Kitts and Nevis", 781: "Antigua and Barbuda",
    1183: "Puerto Rico", 712: "Fiji", 691: "Papua New Guinea", 683: "Samoa", 678: "Tonga", 686: "Vanuatu",
    685: "Solomon Islands", 710: "Kiribati", 672: "Tuvalu", 697: "Nauru", 695: "Palau",
    702: "Federated States of Micronesia", 709: "Marshall Islands", 36704: "Yugoslavia",
    83286: "Socialist Federal Republic of Yugoslavia", 191077: "Kingdom of Yugoslavia",
    37024: "Serbia and Montenegro", 172579: "Kingdom of Italy", 7318: "Nazi Germany", 188712: "Empire of Japan",
    161885: "Great Britain", 12560: "Ottoman Empire", 8733: "Qing dynasty", 129286: "British Raj",
    2184: "Russian Soviet Federative Socialist Republic", 133356: "Ukrainian Soviet Socialist Republic",
}  # fmt: skip
# The texts of items, by the property that points to them; what a thing is an instance of has them in CLASSES.
TEXTS: Mapping[str, Mapping[int, str]] = {"genre": _GENRES, "occupation": _OCCUPATIONS, "nationality": _COUNTRIES}

UNITS = {
    7727: "minute", 11574: "second", 25235: "hour", 573: "day", 23387: "week", 11573: "metre", 828224: "kilometre",
    253276: "mile", 3710: "foot", 4917: "United States dollar", 4916: "euro", 25224: "pound sterling",
    41044: "Russian ruble", 8146: "yen", 80524: "Indian rupee",
}  # fmt: skip

# In which units that is told which says how long something lasts.
DURATION, OF_TIME = "P2047", {"second", "minute", "hour", "day", "week"}

# Whose identifier in another data set a property gives.
SCHEMES = {
    "P345": "imdb", "P4947": "tmdb", "P4985": "tmdb", "P2704": "eidr", "P496": "orcid", "P214": "viaf",
    "P298": "iso3166",
}  # fmt: skip
# The name of the part that somebody plays, as an item and as text.
PART, NAME_OF_PART = "P453", "P4633"
# The part of whoever appears as themselves.
THEMSELVES = 18086706
# By which qualifiers an amount is one of a part: of what, under which law, of which days, where; but for worldwide.
RESTRICTING, WORLDWIDE = ("P518", "P1001", "P1264", "P3005"), 13780930
INSTANCE_OF, POINT_IN_TIME, START_TIME, END_TIME = "P31", "P585", "P580", "P582"
# When an event is, by the first of these that says so: the day that it is on, when it is launched, when it begins; and
# until when, where that is told: when it lands, when it ends.
LAUNCHED, LANDED = "P619", "P620"
WHEN = (POINT_IN_TIME, LAUNCHED, START_TIME)
UNTIL = {LAUNCHED: LANDED, START_TIME: END_TIME}
# Who flies in an event, of all who may take part: people, in this role.
CREW, ROLE_OF_CREW = "P1029", "crew member"
# In what work a character is: a film for certain only where it is a character of films.
WORK = "P1441"
# How sure a source is of what a statement says, as EDTF marks it on a date: circa; presumably, possibly, probably.
SOURCING_CIRCUMSTANCES = "P1480"
EARLIEST, LATEST = "P1319", "P1326"
CIRCUMSTANCES = {5727902: "~", 18122778: "?", 30230067: "?", 56644435: "?"}


def property_of(kind: Kind, number: str) -> Property | None:
    """The property of the vocabulary that one of Wikidata's is, said of that kind."""
    return _PROPERTIES.get((kind, number))


def is_identifier(scheme: str, kind: Kind, told: str) -> bool:
    """Whether things of the kind have an identifier of that scheme, and one that looks like this."""
    form, _ = IDENTIFIER_FORMS.get((scheme, kind), (".*" if (scheme, kind) in IDENTIFIER_URLS else "", ""))
    return bool(told and re.fullmatch(form, told, re.ASCII))


# What has no other name in Wikidata than its label is named by that; a date of an event has several ways to be told.
_PROPERTIES: dict[tuple[Kind, str], Property] = (
    {
        (kind, prop.wikidata): prop
        for prop in PROPERTIES.values()
        if prop.wikidata
        for kind in prop.domain
        if prop.value_type != "identifier"
    }
    | {("event", number): PROPERTIES["date"] for number in WHEN}
    | {("event", CREW): PROPERTIES["participant"]}
)
