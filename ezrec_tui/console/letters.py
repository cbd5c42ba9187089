"""What names can be written with on the console: Debian's Uni2-Terminus and the kiosk's font both hold it."""


def _span(first: str, last: str, lacking: str = "") -> frozenset[str]:
    return frozenset(map(chr, range(ord(first), ord(last) + 1))) - frozenset(lacking)


LETTERS = (
    _span(" ", "~")
    | _span("\u00a1", "ÿ", "\u00ad¤¦")
    | _span("Ā", "ž", "ĈĉĊċĔĕĜĝĠġĤĥĦħĨĩĬĭĲĳĴĵĸĿŀŉŊŋŎŏŜŝŦŧŨũŬŭŴŵŶŷ")
    | _span("\u0386", "ώ", "\u0387\u038b\u038d\u03a2")
    | _span("Ѐ", "џ")
    | frozenset("ȘșȚțҐґ–—‘’‚“”„•…‹›€™")
)
