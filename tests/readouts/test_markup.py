from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.files.markup import to_html, to_plain
from readouts.files.typeset import to_typst

HOSTILE = '#read("/etc/passwd") $x$ @ref <label> = head ] [ \\\\ `#eval` // /* ~ --'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Plain & *soft* **loud**", "<p>Plain &amp; <em>soft</em> <strong>loud</strong></p>"),
        (
            "[go](https://www.uscis.gov/?a=1&b=2)",
            '<p><a href="https://www.uscis.gov/?a=1&amp;b=2" rel="noopener noreferrer">go</a></p>',
        ),
        (
            "[mail](mailto:a@example.org)",
            '<p><a href="mailto:a@example.org" rel="noopener noreferrer">mail</a></p>',
        ),
        ("[x](javascript:alert(1))", "<p>x</p>"),
        ("[*x*](file:///etc/passwd) y", "<p><em>x</em> y</p>"),
        ("[x](/office/) [y](#z) [z](//evil.example)", "<p>x y z</p>"),
        ("[x](data:text/html,a) [y](VBScript:a)", "<p>x y</p>"),
        ("[x][1]\n\n[1]: javascript:alert(1)", "<p>x</p>"),
        ("![a *map*](http://example.org/x.png) here", "<p>a map here</p>"),
        ("[![a map](x.png)](https://example.org)",
         '<p><a href="https://example.org" rel="noopener noreferrer">a map</a></p>'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("```css\nb { }\n```", "<pre><code>b { }\n</code></pre>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        (
            "a | b\n--|:-:\nc | *d*",
            (
                "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
                "<tbody>\n<tr>\n<td>c</td>\n<td><em>d</em></td>\n</tr>\n</tbody>\n</table>"
            ),
        ),
        (f"{'|a' * 13}\n{'|-' * 13}", f"<p>{'|a' * 13}\n{'|-' * 13}</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_html(source: str, html: str) -> None:
    assert to_html(source).strip() == html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# a\n\n## b\n\n# c", ["h3", "h4", "h3"]),
        ("## a\n\n#### b\n\n### c\n\n# d", ["h3", "h4", "h4", "h3"]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", ["h3", "h4", "h5", "h6", "h6", "h6"]),
        ("#\n\n## b", ["h3"]),
    ],
)
def test_headings_start_below_the_page_and_skip_no_level(typed: str, shown: list[str]) -> None:
    assert re.findall(r"<(h\d)>", to_html(typed)) == shown


def test_plain_tells_addresses_where_they_are_wanted() -> None:
    source = "[A form](https://a.example/g), <https://b.example>, *[us](mailto:c@d.example)*."
    assert to_plain(source) == "A form, https://b.example, us."
    assert to_plain(source, with_addresses=True) == (
        "A form (https://a.example/g), https://b.example, us (c@d.example)."
    )


def test_plain() -> None:
    source = (
        "# Head *line*\n\nOne\nparagraph with a [link](https://example.org).\n\n"
        "- a\n- b\n  1. c\n\n     d\n\n> said\n\n---\n\n    code\n    more\n\n![alt](x.png) \\*"
    )
    assert to_plain(source).split("\n\n") == [
        "Head line",
        "One paragraph with a link.",
        "- a\n- b\n  1. c\n     d",
        "said",
        "code\nmore",
        "alt *",
    ]


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("a *b* **c**", '#"a ";#emph[#"b";];#" ";#strong[#"c";];'),
        ('say "hi" \\\\', '#"say \\"hi\\" \\\\";'),
        ("a\nb\\\nc", '#"a";#" ";#"b";#linebreak();#"c";'),
        ("`#eval`", '#raw("#eval");'),
        ("# a\n\n## b", '#heading(level: 2)[#"a";];\n\n#heading(level: 3)[#"b";];'),
        ("- a\n- b", '#list([#"a";\n\n], [#"b";\n\n]);'),
        ("[x](https://example.org) [y](a)", '#link("https://example.org")[#"x";];#" ";#"y";'),
    ],
)
def test_typst(source: str, markup: str) -> None:
    assert to_typst(source).strip() == markup


def test_typst_runs_nothing_that_was_typed() -> None:
    assert outside_strings(to_typst(HOSTILE)) == "#;#raw();#;\n\n"


@given(st.text(alphabet='#"\\$@`[](){}<>*_=-+/~;:.!&|a1 \n\t', max_size=80))
def test_typst_of_any_signs_is_commands_of_this_house_alone(source: str) -> None:
    rest = outside_strings(to_typst(source))
    command = (
        r"#(?:emph|strong|quote\(block: true\)|heading\(level: \d\)|link\(\))?(?=[\[;])"
        r"|#(?:list|enum)\((?:start: \d+, )?(?=\[)|#linebreak\(\)|#raw\((?:, block: true)?\)"
        r"|#pdf\.artifact\(line\(length: 100%, stroke: 0\.5pt \+ luma\(60%\)\)\)"
        r"|\[|\](?:, (?=\[))?\)?|;|\n"
    )
    assert re.sub(command, "", rest) == ""


def outside_strings(markup: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', "", markup, flags=re.DOTALL)


@pytest.mark.parametrize(
    "source",
    [">" * 60 + " kept", "\n".join("  " * i + "- kept" for i in range(40)), "*a " * 3000],
)
def test_deep_nesting_loses_no_word(source: str) -> None:
    word = "kept" if "kept" in source else "a"
    after = f"{source}\n\nafter"
    for written in (to_html(after), to_plain(after), to_typst(after)):
        assert written.count("after") == 1
        assert len(re.findall(rf"\b{word}\b", written)) == source.count(word)


def test_deep_emphasis_ends_somewhere() -> None:
    assert to_html("*a " * 3000 + "b* " * 3000).count("<em>") == 8
