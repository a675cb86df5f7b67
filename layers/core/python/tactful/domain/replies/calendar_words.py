"""The words for days, months and numbers in English, German, French and Spanish, as plain text has them."""

from __future__ import annotations

WEEKDAYS = {
    **dict.fromkeys(("monday", "mon", "mondays", "montag", "lundi", "lunes"), 0),
    **dict.fromkeys(("tuesday", "tue", "tues", "tuesdays", "dienstag", "mardi", "martes"), 1),
    **dict.fromkeys(
        ("wednesday", "wed", "weds", "wednesdays", "wednsday", "mittwoch", "mercredi", "miercoles"), 2
    ),
    **dict.fromkeys(("thursday", "thu", "thur", "thurs", "thursdays", "donnerstag", "jeudi", "jueves"), 3),
    **dict.fromkeys(("friday", "fri", "fridays", "firday", "freitag", "vendredi", "viernes"), 4),
    **dict.fromkeys(("saturday", "sat", "saturdays", "samstag", "sonnabend", "samedi", "sabado"), 5),
    **dict.fromkeys(("sunday", "sun", "sundays", "sonntag", "dimanche", "domingo"), 6),
}
MONTHS = {
    **dict.fromkeys(("january", "jan", "januar", "janner", "janvier", "janv", "enero"), 1),
    **dict.fromkeys(("february", "feb", "februar", "fevrier", "fevr", "febrero"), 2),
    **dict.fromkeys(("march", "mar", "marz", "maerz", "mars", "marzo"), 3),
    **dict.fromkeys(("april", "apr", "avril", "avr", "abril"), 4),
    **dict.fromkeys(("may", "mai", "mayo"), 5),
    **dict.fromkeys(("june", "jun", "juni", "juin", "junio"), 6),
    **dict.fromkeys(("july", "jul", "juli", "juillet", "juil", "julio"), 7),
    **dict.fromkeys(("august", "aug", "aout", "agosto"), 8),
    **dict.fromkeys(("september", "sept", "sep", "septembre", "septiembre"), 9),
    **dict.fromkeys(("october", "oct", "oktober", "okt", "octobre", "octubre"), 10),
    **dict.fromkeys(("november", "nov", "novembre", "noviembre"), 11),
    **dict.fromkeys(("december", "dec", "dezember", "dez", "decembre", "diciembre"), 12),
}
NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "ein", "eine", "einer", "einem", "un", "une", "una", "another"), 1),
    **dict.fromkeys(("two", "couple", "couple of", "a couple of", "a couple", "zwei", "deux", "dos"), 2),
    **dict.fromkeys(("three", "drei", "trois", "tres"), 3),
    **dict.fromkeys(("four", "vier", "quatre", "cuatro"), 4),
    **dict.fromkeys(("five", "funf", "cinq", "cinco"), 5),
    **dict.fromkeys(("six", "sechs", "seis"), 6),
    **dict.fromkeys(("seven", "sieben", "sept", "siete"), 7),
    **dict.fromkeys(("eight", "acht", "huit", "ocho"), 8),
    **dict.fromkeys(("nine", "neun", "neuf", "nueve"), 9),
    **dict.fromkeys(("ten", "zehn", "dix", "diez"), 10),
    **dict.fromkeys(("fourteen", "vierzehn", "quinze jours"), 14),
}
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "tenth": 10,
    "fifteenth": 15,
    "premier": 1,
}
