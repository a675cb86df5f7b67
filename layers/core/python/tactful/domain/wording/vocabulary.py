"""Words that clients must not read, by language. A language without a list has no such rule."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tactful.domain.wording.message import Rule

_WORDS: Mapping[str, Mapping[Rule, str]] = {
    "en": {
        Rule.THREAT: r"""
            legal (?:action|steps|proceedings)|further action|blacklist\w*|report you|debt recovery
            court|lawsuit|sue
            suing|lawyers?|solicitors?|attorneys?|bailiffs?
            (?:debt )?collect(?:ors?|ion|ions)|credit (?:rating|score|bureau)|consequences
            enforce\w*|seiz\w+|or else
            we will be forced|no other choice|terminat\w+|penalt\w+|prosecut\w+
        """,
        Rule.SHAMING: r"""
            you (?:have )?failed|failure|irresponsib\w+|asham\w+
            disappoint\w+|you (?:have )?ignored?|ignoring|unacceptable
            negligen\w+|dishonest\w*|excuses?|your fault|blam\w+|delinquent|bad payer|must|demand\w*
        """,
        Rule.URGENCY: r"""
            immediate(?:ly)?|urgent(?:ly)?|asap|(?<!all )at once
            right now|within \d+ hours|last chance|hurry|act now
            final (?:notice|warning)|without delay|only until
        """,
        Rule.LEGAL_CLAIM: r"""
            interest|statutory|late fees?|compensation|by law|legally|surcharges?|obliged
        """,
        Rule.GLIMPSE: r"""
            overdue|late|unpaid|ow(?:e|es|ed|ing)|outstanding
            debts?|arrears|past due|collections?|balance due|delinquent
        """,
        Rule.PROMOTION: r"""
            offers?|sale|discounts?|upgrade\w*|newsletters?
            new products?|promo\w*|coupons?|vouchers?|\d+ ?% off|free trial
            subscribe|follow us|refer a friend|check out our
        """,
    },
    "de": {
        Rule.THREAT: r"""
            gericht\w*|klagen?|verklag\w*|rechtsanw\w+|anwält\w*
            anwalts?|inkasso\w*|vollstreck\w*|zwangs\w+|schufa|mahnbescheid\w*
            konsequenzen|rechtliche schritte|gerichtsvollzieher\w*|pfänd\w+
            mahnverfahren|auskunftei\w*|weitere schritte|andernfalls|sehen uns gezwungen
        """,
        Rule.SHAMING: r"""
            versäumt|ignorier\w+|enttäusch\w+|inakzeptabel
            ausreden?|unverschämt|verantwortungslos\w*|ihre schuld|säumig\w*
            nachlässig\w*|schlechte zahlungsmoral|mahnung\w*|gemahnt
        """,
        Rule.URGENCY: r"""
            sofort\w*|dringend\w*|umgehend\w*|unverzüglich\w*
            letzte chance|binnen \d+ stunden|letztmalig|ohne verzug|eilt
        """,
        Rule.LEGAL_CLAIM: r"""
            zinsen|verzugs\w+|mahngebühr\w*|pauschale|gesetzlich\w*|rechtlich\w*|verpflichtet|verzug
        """,
        Rule.GLIMPSE: r"""
            überfällig\w*|unbezahlt\w*|schuld\w*|schulden
            mahnung\w*|zahlungserinnerung|rückst[aä]nd\w*|säumig\w*|verspätet\w*
        """,
        Rule.PROMOTION: r"""
            angebote?|rabatte?|newsletter|aktion
            gutscheine?|neu im sortiment|jetzt entdecken|\d+ ?% (?:rabatt|nachlass)
            empfehlen sie uns|abonnieren
        """,
    },
    "fr": {
        Rule.THREAT: r"""
            tribuna\w+|avocats?|huissiers?|poursuites?|en justice
            judiciaires?|saisies?|conséquences|recouvrement|contentieux
            mise en demeure|injonction|fichage|sanctions?|à défaut|contraints?
        """,
        Rule.SHAMING: r"""
            vous avez manqué|ignoré|déçus?|inacceptable|excuses?
            votre faute|négligen\w+|irresponsable\w*|mauvais payeur|devez
        """,
        Rule.URGENCY: r"""
            immédiat\w*|urgent\w*|urgence|sans délai|dernière chance|au plus vite|sous \d+ heures|dernier avis
        """,
        Rule.LEGAL_CLAIM: r"""
            intérêts?|indemnités?|pénalités?|légal\w*|frais de retard|exigible|obligé
        """,
        Rule.GLIMPSE: r"""
            impayée?s?|en retard|retards?|dettes?|relances?|échue?s?|solde dû|arriérés?|débiteur
        """,
        Rule.PROMOTION: r"""
            offres?|promo\w*|soldes|remises?|newsletter|bon d'achat|nouveaux produits|abonnez|parrainez
        """,
    },
    "es": {
        Rule.THREAT: r"""
            tribunal\w*|juzgado\w*|abogad\w+|demanda\w*
            embarg\w+|consecuencias|cobro judicial|acciones legales|vía judicial
            procurador\w*|de lo contrario|obligados a|recobro|burofax|medidas legales
        """,
        Rule.SHAMING: r"""
            ignorad\w+|decepcion\w*|inaceptable|excusas?|su culpa
            negligen\w+|irresponsable\w*|incumplid\w+|moros\w+|debe usted
        """,
        Rule.URGENCY: r"""
            inmediat\w*|urgent\w*|urgencia|última oportunidad
            cuanto antes|en \d+ horas|último aviso|sin demora
        """,
        Rule.LEGAL_CLAIM: r"""
            intereses|recargos?|compensación|legal\w*|por ley|obligado
        """,
        Rule.GLIMPSE: r"""
            impagad\w+|deudas?|vencid\w+|moros\w+|atras\w+|adeud\w+|retras\w+|cobros?
        """,
        Rule.PROMOTION: r"""
            ofertas?|promoci\w+|rebajas?|boletín|cupón|cupones|descuentos?|nuevos productos|suscríbase
        """,
    },
}
_ANY = re.IGNORECASE | re.DOTALL
# How an e-mail says that its reader may be left alone.
LEFT_ALONE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"(?:rather not|prefer not|do not want|no longer want).*(?:stop|unsubscribe)", _ANY),
    "de": re.compile(r"(?:lieber nicht|keine|nicht mehr).*(?:hören|abmelden|abbestellen)", _ANY),
    "fr": re.compile(r"(?:préf\w+|souhait\w+|voul\w+|plus recevoir).*(?:arrêt\w+|cess\w+|désabonn\w+)", _ANY),
    "es": re.compile(r"(?:prefiere|desea|quiere).*(?:dejaremos|baja)", _ANY),
}
# Words that Britain and the United States spell in two ways, of those that letters about invoices use.
BRITISH_AND_AMERICAN: Mapping[str, str] = {
    "instalment": "installment",
    "cheque": "check",
    "organise": "organize",
    "recognise": "recognize",
    "apologise": "apologize",
    "favour": "favor",
    "honour": "honor",
    "centre": "center",
    "cancelled": "canceled",
    "programme": "program",
    "enquiry": "inquiry",
    "licence": "license",
    "judgement": "judgment",
    "fulfil": "fulfill",
    "labour": "labor",
    "colour": "color",
    "behaviour": "behavior",
    "neighbour": "neighbor",
    "catalogue": "catalog",
}
# Words that hardly a sentence of a language does without, and that no other language here has.
SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"the", "and", "with", "your", "please", "this", "that", "which", "would", "have", "not", "from"}
    ),
    "de": frozenset(
        {"und", "der", "das", "nicht", "bitte", "ihre", "ihnen", "wir", "mit", "eine", "sich", "auf"}
    ),
    "fr": frozenset(
        {"vous", "votre", "nous", "pour", "avec", "est", "dans", "merci", "une", "cette", "sur", "pas"}
    ),
    "es": frozenset(
        {"el", "los", "sus", "usted", "gracias", "para", "por", "con", "una", "está", "nos", "del"}
    ),
}
# The hardest that the prose of a message may be read as: words are longer in some languages than in others.
MOST_LIX: Mapping[str, int] = {"en": 45, "fr": 50, "es": 55, "de": 55}


def _compiled(words: str) -> re.Pattern[str]:
    ways = [way for line in words.split("\n") for way in [line.strip()] if way]
    return re.compile(rf"\b(?:{'|'.join(ways)})\b", re.IGNORECASE)


VOCABULARY: Mapping[str, Mapping[Rule, re.Pattern[str]]] = {
    language: {rule: _compiled(words) for rule, words in rules.items()} for language, rules in _WORDS.items()
}
