"""In which characters a file is written: found over the whole of it, guessed only where it reads well."""

from __future__ import annotations

import io

import pytest

from tactful.imports.records import Records, open_records
from tactful.imports.statement import UnreadableFileError


def _open(content: bytes) -> Records:
    return open_records(io.BytesIO(content))


_TEXTS = {
    "German": "Nr;Kunde;Betrag\n1;Müller & Söhne;5,00 €\n2;Straße 5;1,50 €\n",
    "French": "N° facture;Société;Échéance\n1;ÉTÉ SARL;5,00\n2;Hôtel d\N{RIGHT SINGLE QUOTATION MARK}été;7,00\n",
    "Portuguese": "Número;Razão;Ano\n1;João Conceição;5,00\n2;Gonçalves;7,00\n",
    "pounds": "No;Customer;Total\n1;Ashdown;£5.00\n2;Birch;£7.50\n",
    "Polish": "Numer;Klient;Kwota\n1;Żółć Sp. z o.o.;5,00\n2;Łódź Świerszcz;7,00\n3;Gęślą jaźń;1\n",
    "Turkish": "No;Müşteri;Tutar\n1;Yılmaz İnşaat;5,00\n2;Öztürk Ağaç Şirketi;7,00\n",
    "Greek": "Αριθμός;Πελάτης;Ποσό\n1;Παπαδόπουλος;5,00\n2;Γεωργίου Α.Ε.;7,00\n",
    "Russian": "Номер;Клиент;Сумма\n1;Привет мир;5,00\n2;Счета и оплата;7,00\n",
    "Japanese": "番号,顧客名,金額\n1,株式会社山田,500\n2,株式会社田中,700\n",
    "Chinese": "编号,客户,金额\n1,北京公司,500\n2,上海公司,700\n",
}


@pytest.mark.parametrize(
    ("language", "codec"),
    [
        ("German", "cp1252"),
        ("German", "iso8859_15"),
        ("French", "cp1252"),
        ("French", "mac_roman"),
        ("Portuguese", "cp1252"),
        ("Portuguese", "cp850"),
        ("pounds", "cp1252"),
        ("pounds", "cp850"),
        ("Polish", "cp1250"),
        ("Polish", "iso8859_2"),
        ("Turkish", "cp1254"),
        ("Greek", "cp1253"),
        ("Russian", "cp1251"),
        ("Russian", "koi8_r"),
        ("Russian", "cp866"),
        ("Japanese", "shift_jis"),
        ("Chinese", "gb18030"),
    ],
)
def test_an_encoding_that_the_file_does_not_state_is_guessed_and_told(language: str, codec: str) -> None:
    text = _TEXTS[language]
    records = _open(text.encode(codec))
    assert records.encoding == codec
    assert [records.delimiter.join(record.cells) for record in records] == text.splitlines()
    (warning,) = records.warnings
    assert warning.startswith(f"the file does not say that it is {codec}")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["German", "Russian", "Japanese"])
def test_utf_16_without_a_mark_is_found_in_any_alphabet(language: str, codec: str) -> None:
    text = _TEXTS[language]
    records = _open(text.encode(codec))
    assert [records.delimiter.join(record.cells) for record in records] == text.splitlines()


def test_utf_32_is_found_by_its_mark() -> None:
    records = _open("No,Name\r\n1,Müller\r\n".encode("utf-32"))
    assert (records.encoding, records.line_ends) == ("UTF-32 LE", "CRLF")
    assert [record.cells for record in records] == [["No", "Name"], ["1", "Müller"]]


@pytest.mark.parametrize("strays", [1, 2])
def test_little_utf_8_is_enough_to_reject_only_what_is_not(strays: int) -> None:
    content = "No,Name\n1,Müller\n".encode() + "2,Söhne\n".encode("cp1252") * strays
    records = list(_open(content))
    assert records[1].cells == ["1", "Müller"]
    assert all("not UTF-8" in record.fault for record in records[2:])


def test_a_stray_byte_at_the_end_of_a_long_file_is_found() -> None:
    content = b"No,Name\n" + "1,Müller\n".encode() * 100_000 + b"2,S\xf6hne\n"
    records = list(_open(content))
    assert [record.number for record in records if record.fault] == [100_002]


def test_what_reads_badly_in_all_encodings_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="export it as CSV UTF-8"):
        _open(b"No,Name\n1,\x81\x8d\x8f\x90\x9d\xff\xfe\x81\x8d\n2,\x81\x81\xad\n")


def test_the_mark_with_which_old_programs_end_a_text_is_none_of_it() -> None:
    records = list(_open(b"No,Name\r\n1,Ashdown\r\n\x1a"))
    assert [record.cells for record in records] == [["No", "Name"], ["1", "Ashdown"], []]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_line_that_no_table_has_is_refused(codec: str) -> None:
    with pytest.raises(UnreadableFileError, match="a line of more than 1,000,000 characters"):
        _open(("No,Name\n" + "1,Ashdown," * 200_000).encode(codec))
