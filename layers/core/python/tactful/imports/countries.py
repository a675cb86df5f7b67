"""Countries as files name them: by code, or in English, German, French or Spanish."""

from __future__ import annotations

from functools import cache

from tactful.imports.profile import plain

_SHOWN = 40
# ISO 3166 codes of two and three letters, then names from CLDR, and what else people write.
_COUNTRIES = """
AC ASC Ascension Island; Ascension; Île de l'Ascension; Isla de la Ascensión
AD AND Andorra; Andorre
AE ARE United Arab Emirates; Vereinigte Arabische Emirate; Émirats arabes unis; Emiratos Árabes Unidos; UAE
AF AFG Afghanistan; Afganistán
AG ATG Antigua & Barbuda; Antigua und Barbuda; Antigua-et-Barbuda; Antigua y Barbuda; Antigua and Barbuda
AI AIA Anguilla; Anguila
AL ALB Albania; Albanien; Albanie
AM ARM Armenia; Armenien; Arménie
AO AGO Angola
AR ARG Argentina; Argentinien; Argentine
AS ASM American Samoa; Amerikanisch-Samoa; Samoa américaines; Samoa Americana
AT AUT Austria; Österreich; Autriche; Republik Österreich
AU AUS Australia; Australien; Australie
AW ABW Aruba
AX ALA Åland Islands; Ålandinseln; Îles Åland; Islas Aland
AZ AZE Azerbaijan; Aserbaidschan; Azerbaïdjan; Azerbaiyán
BA BIH Bosnia & Herzegovina; Bosnien und Herzegowina; Bosnie-Herzégovine; Bosnia y Herzegovina; Bosnia and
  Herzegovina
BB BRB Barbados; Barbade
BD BGD Bangladesh; Bangladesch; Bangladés
BE BEL Belgium; Belgien; Belgique; Bélgica
BF BFA Burkina Faso
BG BGR Bulgaria; Bulgarien; Bulgarie
BH BHR Bahrain; Bahreïn; Baréin
BI BDI Burundi
BJ BEN Benin
BL BLM St. Barthélemy; Saint-Barthélemy; San Bartolomé
BM BMU Bermuda; Bermudes; Bermudas
BN BRN Brunei; Brunei Darussalam
BO BOL Bolivia; Bolivien; Bolivie; Bolivia, Plurinational State of
BQ BES Caribbean Netherlands; Karibische Niederlande; Pays-Bas caribéens; Caribe neerlandés
BR BRA Brazil; Brasilien; Brésil; Brasil
BS BHS Bahamas
BT BTN Bhutan; Bhoutan; Bután
BW BWA Botswana; Botsuana
BY BLR Belarus; Biélorussie; Bielorrusia; Weißrussland
BZ BLZ Belize; Belice
CA CAN Canada; Kanada
CC CCK Cocos (Keeling) Islands; Kokosinseln; Îles Cocos; Islas Cocos
CD COD Congo - Kinshasa; Kongo-Kinshasa; República Democrática del Congo; Congo (DRC); Democratic Republic of the
  Congo
CF CAF Central African Republic; Zentralafrikanische Republik; République centrafricaine; República Centroafricana
CG COG Congo - Brazzaville; Kongo-Brazzaville; Congo; Republic of the Congo
CH CHE Switzerland; Schweiz; Suisse; Suiza; Swiss Confederation
CI CIV Côte d'Ivoire; Ivory Coast
CK COK Cook Islands; Cookinseln; Îles Cook; Islas Cook
CL CHL Chile; Chili
CM CMR Cameroon; Kamerun; Cameroun; Camerún
CN CHN China; Chine; People's Republic of China; PRC
CO COL Colombia; Kolumbien; Colombie
CR CRI Costa Rica
CU CUB Cuba; Kuba
CV CPV Cape Verde; Cabo Verde; Cap-Vert
CW CUW Curaçao; Curazao
CX CXR Christmas Island; Weihnachtsinsel; Île Christmas; Isla de Navidad
CY CYP Cyprus; Zypern; Chypre; Chipre
CZ CZE Czechia; Tschechien; Tchéquie; Chequia; Czech Republic; Tschechische Republik; République tchèque; República
  Checa
DE DEU Germany; Deutschland; Allemagne; Alemania; Federal Republic of Germany; BRD
DJ DJI Djibouti; Dschibuti; Yibuti
DK DNK Denmark; Dänemark; Dinamarca
DM DMA Dominica; Dominique
DO DOM Dominican Republic; Dominikanische Republik; République dominicaine; República Dominicana
DZ DZA Algeria; Algerien; Algérie; Argelia
EC ECU Ecuador; Équateur
EE EST Estonia; Estland; Estonie
EG EGY Egypt; Ägypten; Égypte; Egipto
EH ESH Western Sahara; Westsahara; Sahara occidental
ER ERI Eritrea; Érythrée
ES ESP Spain; Spanien; Espagne; España
ET ETH Ethiopia; Äthiopien; Éthiopie; Etiopía
FI FIN Finland; Finnland; Finlande; Finlandia
FJ FJI Fiji; Fidschi; Fidji; Fiyi
FK FLK Falkland Islands; Falklandinseln; Îles Malouines; Islas Malvinas
FM FSM Micronesia; Mikronesien; Micronésie
FO FRO Faroe Islands; Färöer; Îles Féroé; Islas Feroe
FR FRA France; Frankreich; Francia
GA GAB Gabon; Gabun
GB GBR United Kingdom; Vereinigtes Königreich; Royaume-Uni; Reino Unido; Great Britain; Britain; UK; England;
  Scotland; Wales; Northern Ireland; Großbritannien; Grande-Bretagne; Gran Bretaña; England and Wales
GD GRD Grenada; Grenade; Granada
GE GEO Georgia; Georgien; Géorgie
GF GUF French Guiana; Französisch-Guayana; Guyane française; Guayana Francesa
GG GGY Guernsey; Guernesey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland; Grönland; Groenland; Groenlandia
GM GMB Gambia; Gambie
GN GIN Guinea; Guinée
GP GLP Guadeloupe; Guadalupe
GQ GNQ Equatorial Guinea; Äquatorialguinea; Guinée équatoriale; Guinea Ecuatorial
GR GRC Greece; Griechenland; Grèce; Grecia
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau; Guinée-Bissau; Guinea-Bisáu
GY GUY Guyana
HK HKG Hong Kong SAR China; Sonderverwaltungsregion Hongkong; R.A.S. chinoise de Hong Kong; RAE de Hong Kong
  (China); Hong Kong
HN HND Honduras
HR HRV Croatia; Kroatien; Croatie; Croacia
HT HTI Haiti
HU HUN Hungary; Ungarn; Hongrie; Hungría
ID IDN Indonesia; Indonesien; Indonésie
IE IRL Ireland; Irland; Irlande; Irlanda; Republic of Ireland; Éire
IL ISR Israel
IM IMN Isle of Man; Île de Man; Isla de Man
IN IND India; Indien; Inde
IO IOT British Indian Ocean Territory; Britisches Territorium im Indischen Ozean; Territoire britannique de l'océan
  Indien; Territorio Británico del Océano Índico
IQ IRQ Iraq; Irak
IR IRN Iran; Iran, Islamic Republic of
IS ISL Iceland; Island; Islande; Islandia
IT ITA Italy; Italien; Italie; Italia
JE JEY Jersey
JM JAM Jamaica; Jamaika; Jamaïque
JO JOR Jordan; Jordanien; Jordanie; Jordania
JP JPN Japan; Japon
KE KEN Kenya; Kenia
KG KGZ Kyrgyzstan; Kirgisistan; Kirghizstan; Kirguistán
KH KHM Cambodia; Kambodscha; Cambodge; Camboya
KI KIR Kiribati
KM COM Comoros; Komoren; Comores; Comoras
KN KNA St. Kitts & Nevis; St. Kitts und Nevis; Saint-Christophe-et-Niévès; San Cristóbal y Nieves; Saint Kitts and
  Nevis
KP PRK North Korea; Nordkorea; Corée du Nord; Corea del Norte
KR KOR South Korea; Südkorea; Corée du Sud; Corea del Sur; Republic of Korea; Korea; Korea, Republic of
KW KWT Kuwait; Koweït
KY CYM Cayman Islands; Kaimaninseln; Îles Caïmans; Islas Caimán
KZ KAZ Kazakhstan; Kasachstan; Kazajistán
LA LAO Laos; Lao People's Democratic Republic
LB LBN Lebanon; Libanon; Liban; Líbano
LC LCA St. Lucia; Sainte-Lucie; Santa Lucía; Saint Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho; Lesoto
LT LTU Lithuania; Litauen; Lituanie; Lituania
LU LUX Luxembourg; Luxemburg; Luxemburgo
LV LVA Latvia; Lettland; Lettonie; Letonia
LY LBY Libya; Libyen; Libye; Libia
MA MAR Morocco; Marokko; Maroc; Marruecos
MC MCO Monaco
MD MDA Moldova; Republik Moldau; Moldavie; Moldavia; Moldova, Republic of
ME MNE Montenegro
MF MAF St. Martin; Saint-Martin; San Martín
MG MDG Madagascar; Madagaskar
MH MHL Marshall Islands; Marshallinseln; Îles Marshall; Islas Marshall
MK MKD North Macedonia; Nordmazedonien; Macédoine du Nord; Macedonia del Norte; Macedonia
ML MLI Mali
MM MMR Myanmar (Burma); Myanmar; Myanmar (Birmanie); Myanmar (Birmania); Burma; Birma
MN MNG Mongolia; Mongolei; Mongolie
MO MAC Macao SAR China; Sonderverwaltungsregion Macau; R.A.S. chinoise de Macao; RAE de Macao (China); Macao; Macau
MP MNP Northern Mariana Islands; Nördliche Marianen; Îles Mariannes du Nord; Islas Marianas del Norte
MQ MTQ Martinique; Martinica
MR MRT Mauritania; Mauretanien; Mauritanie
MS MSR Montserrat
MT MLT Malta; Malte
MU MUS Mauritius; Maurice; Mauricio
MV MDV Maldives; Malediven; Maldivas
MW MWI Malawi; Malaui
MX MEX Mexico; Mexiko; Mexique
MY MYS Malaysia; Malaisie; Malasia
MZ MOZ Mozambique; Mosambik
NA NAM Namibia; Namibie
NC NCL New Caledonia; Neukaledonien; Nouvelle-Calédonie; Nueva Caledonia
NE NER Niger
NF NFK Norfolk Island; Norfolkinsel; Île Norfolk; Isla Norfolk
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands; Niederlande; Pays-Bas; Países Bajos; Holland; The Netherlands; Hollande; Holanda
NO NOR Norway; Norwegen; Norvège; Noruega
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand; Neuseeland; Nouvelle-Zélande; Nueva Zelanda
OM OMN Oman
PA PAN Panama
PE PER Peru; Pérou
PF PYF French Polynesia; Französisch-Polynesien; Polynésie française; Polinesia Francesa
PG PNG Papua New Guinea; Papua-Neuguinea; Papouasie-Nouvelle-Guinée; Papúa Nueva Guinea
PH PHL Philippines; Philippinen; Filipinas
PK PAK Pakistan
PL POL Poland; Polen; Pologne; Polonia
PM SPM St. Pierre & Miquelon; St. Pierre und Miquelon; Saint-Pierre-et-Miquelon; San Pedro y Miquelón
PR PRI Puerto Rico; Porto Rico
PS PSE Palestinian Territories; Palästinensische Autonomiegebiete; Territoires palestiniens; Territorios
  Palestinos; Palestine; State of Palestine
PT PRT Portugal
PW PLW Palau; Palaos
PY PRY Paraguay
QA QAT Qatar; Katar; Catar
RE REU Réunion; La Réunion
RO ROU Romania; Rumänien; Roumanie; Rumanía
RS SRB Serbia; Serbien; Serbie
RU RUS Russia; Russland; Russie; Rusia; Russian Federation
RW RWA Rwanda; Ruanda
SA SAU Saudi Arabia; Saudi-Arabien; Arabie saoudite; Arabia Saudí
SB SLB Solomon Islands; Salomonen; Îles Salomon; Islas Salomón
SC SYC Seychelles; Seychellen
SD SDN Sudan; Soudan
SE SWE Sweden; Schweden; Suède; Suecia
SG SGP Singapore; Singapur; Singapour
SH SHN St. Helena; Sainte-Hélène; Santa Elena
SI SVN Slovenia; Slowenien; Slovénie; Eslovenia
SJ SJM Svalbard & Jan Mayen; Spitzbergen und Jan Mayen; Svalbard et Jan Mayen; Svalbard y Jan Mayen
SK SVK Slovakia; Slowakei; Slovaquie; Eslovaquia
SL SLE Sierra Leone; Sierra Leona
SM SMR San Marino; Saint-Marin
SN SEN Senegal
SO SOM Somalia; Somalie
SR SUR Suriname; Surinam
SS SSD South Sudan; Südsudan; Soudan du Sud; Sudán del Sur
ST STP São Tomé & Príncipe; São Tomé und Príncipe; Sao Tomé-et-Principe; Santo Tomé y Príncipe; Sao Tome and
  Principe
SV SLV El Salvador; Salvador
SX SXM Sint Maarten; Saint-Martin (partie néerlandaise)
SY SYR Syria; Syrien; Syrie; Siria; Syrian Arab Republic
SZ SWZ Eswatini; Esuatini; Swaziland
TA TAA Tristan da Cunha; Tristán de Acuña
TC TCA Turks & Caicos Islands; Turks- und Caicosinseln; Îles Turques-et-Caïques; Islas Turcas y Caicos; Turks and
  Caicos Islands
TD TCD Chad; Tschad; Tchad
TG TGO Togo
TH THA Thailand; Thaïlande; Tailandia
TJ TJK Tajikistan; Tadschikistan; Tadjikistan; Tayikistán
TK TKL Tokelau
TL TLS Timor-Leste; Timor oriental
TM TKM Turkmenistan
TN TUN Tunisia; Tunesien; Tunisie; Túnez
TO TON Tonga
TR TUR Türkiye; Türkei; Turquie; Turquía; Turkey
TT TTO Trinidad & Tobago; Trinidad und Tobago; Trinité-et-Tobago; Trinidad y Tobago; Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan; Taiwan, Province of China
TZ TZA Tanzania; Tansania; Tanzanie; Tanzania, United Republic of
UA UKR Ukraine; Ucrania
UG UGA Uganda; Ouganda
US USA United States; Vereinigte Staaten; États-Unis; Estados Unidos; United States of America; America; Vereinigte
  Staaten von Amerika; États-Unis d'Amérique; Estados Unidos de América; EE.UU.
UY URY Uruguay
UZ UZB Uzbekistan; Usbekistan; Ouzbékistan
VA VAT Vatican City; Vatikanstadt; État de la Cité du Vatican; Ciudad del Vaticano; Vatican
VC VCT St. Vincent & Grenadines; St. Vincent und die Grenadinen; Saint-Vincent-et-les Grenadines; San Vicente y las
  Granadinas; Saint Vincent and the Grenadines
VE VEN Venezuela; Venezuela, Bolivarian Republic of
VG VGB British Virgin Islands; Britische Jungferninseln; Îles Vierges britanniques; Islas Vírgenes Británicas
VI VIR U.S. Virgin Islands; Amerikanische Jungferninseln; Îles Vierges des États-Unis; Islas Vírgenes de EE. UU.
VN VNM Vietnam
VU VUT Vanuatu
WF WLF Wallis & Futuna; Wallis und Futuna; Wallis-et-Futuna; Wallis y Futuna
WS WSM Samoa
XK XKK Kosovo
YE YEM Yemen; Jemen
YT MYT Mayotte
ZA ZAF South Africa; Südafrika; Afrique du Sud; Sudáfrica
ZM ZMB Zambia; Sambia; Zambie
ZW ZWE Zimbabwe; Simbabwe; Zimbabue
"""


def country_code(text: str) -> str:
    """The ISO 3166 code of two letters that a cell means; empty for an empty cell. Raises ValueError."""
    if not text.strip():
        return ""
    try:
        return _codes()[plain(text)]
    except KeyError:
        raise ValueError(
            f"country: {text[:_SHOWN]!r} is no country: write its ISO 3166 code, such as US"
        ) from None


@cache
def _codes() -> dict[str, str]:
    """The code for each code and name, as they are compared."""
    codes = {}
    for line in _COUNTRIES.replace("\n  ", " ").strip().splitlines():
        code, longer, *names = line.split(" ", 2)
        for name in (code, longer, *names[0].split("; ")) if names else (code, longer):
            codes[plain(name)] = code
    return codes
