"""Writes tempo-oracle.txt: where the frames of long tempo maps lie, worked out apart from the program.

Steps in exact fractions, ramps in decimals of 60 digits. The maps come from the same generator of numbers as the
test's, so only frames are written: for each rate and kind every hundredth change's tick and frame, and a checksum
(FNV-1a, 64 bits) of the frames of all places up to there. Half a frame goes up; "halves" has tempos with which many
places lie halfway between two frames.

    python3 tempo-oracle.py > tempo-oracle.txt
"""

from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
RATES = (44_100, 48_000, 96_000)
CHANGES = 10_000


class Dice:
    def __init__(self, seed):
        self.state = seed

    def roll(self, low, high):
        self.state = (self.state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return low + (self.state >> 33) % (high - low + 1)


def tempo(dice):
    """A whole BPM, hundredths of one, or whole microseconds a beat."""
    kind = dice.roll(0, 2)
    if kind == 0:
        return Fraction(dice.roll(20, 999))
    if kind == 1:
        return Fraction(dice.roll(2_000, 99_900), 100)
    return Fraction(60_000_000, dice.roll(60_061, 3_000_000))


HALVES = [Fraction(bpm) for bpm in (112, 224, 448, 176, 352, 704)]


def changes(dice, ramps=False, halves=False):
    """10,000 of tick, tempo and ramp, 0.36 to 1.08 seconds apart."""
    pool = HALVES if halves else [tempo(dice) for _ in range(64)]
    tick = 0
    for _ in range(CHANGES):
        bpm = pool[dice.roll(0, len(pool) - 1)]
        ticks = max(1, int(bpm * 16) * dice.roll(36, 108) // 100)
        ramp = dice.roll(0, 2 * ticks) if ramps else 0
        yield tick, bpm, ramp, ticks
        tick += ticks


def steps(rate, made):
    """Each change's tick and the one halfway to the next, with their places as fractions."""
    place = Fraction(0)
    for tick, bpm, _, ticks in made:
        per_tick = Fraction(rate) / (16 * bpm)
        yield tick, place
        yield tick + ticks // 2, place + per_tick * (ticks // 2)
        place += per_tick * ticks


def ramps(rate, made):
    """The same along ramps that are linear in the beat: rate·60/s·ln(1 + s·x/b) frames after x beats."""

    def decimal(fraction):
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)

    def after(ticks, start, rise):
        beats = Decimal(ticks) / 960
        if rise == 0:
            return rate * 60 * beats / start
        return rate * 60 / rise * (1 + rise * beats / start).ln()

    place, reached = Decimal(0), None
    for index, (tick, bpm, ramp, ticks) in enumerate(made):
        wanted = decimal(bpm)
        start = reached if ramp and index else wanted
        rise = (wanted - start) * 960 / ramp if ramp and start != wanted else Decimal(0)

        def at(ticks):
            if rise == 0 or ticks <= ramp:
                return place + after(ticks, start, rise)
            return place + after(ramp, start, rise) + after(ticks - ramp, wanted, Decimal(0))

        yield tick, at(0)
        yield tick + ticks // 2, at(ticks // 2)
        place = at(ticks)
        reached = start + rise * ticks / 960 if rise and ticks < ramp else wanted


def nearest(place):
    if isinstance(place, Fraction):
        return (2 * place.numerator + place.denominator) // (2 * place.denominator)
    return int((place + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))


def write(name, rate, places):
    checksum, ties = 0xCBF29CE484222325, 0
    print(name, rate)
    for index, (tick, place) in enumerate(places):
        frame = nearest(place)
        ties += isinstance(place, Fraction) and (place - Fraction(1, 2)).denominator == 1
        for shift in range(0, 64, 8):
            checksum = ((checksum ^ (frame >> shift) & 0xFF) * 0x100000001B3) % 2**64
        if index % 200 == 0:
            print(tick, frame, format(checksum, "x"))
    print(tick, frame, format(checksum, "x"))
    print("ties", ties)


for rate in RATES:
    write("steps", rate, steps(rate, list(changes(Dice(rate)))))
    write("ramps", rate, ramps(rate, list(changes(Dice(rate + 1), ramps=True))))
    write("halves", rate, steps(rate, list(changes(Dice(rate + 2), halves=True))))
