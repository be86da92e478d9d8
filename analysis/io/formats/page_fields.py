"""What a news page says of itself: JSON-LD, meta elements, and what stands beside its headline."""

from __future__ import annotations

import re

from analysis.io.formats.heads import byline, dateline, is_whole_date, plain_date
from analysis.io.formats.page_linked import linked_fields, stamp

# Names of meta elements by field, the surest first.
_ADDRESS = re.compile(r"(?:[a-z]+:)?//(?:[^/?#@]*@)?([^/?#:@]+)(?::\d+)?([^?#]*)", re.IGNORECASE)
_METAS = {
    "title": "og:title citation_title twitter:title parsely-title dc.title dcterms.title",
    "outlet": "og:site_name citation_journal_title application-name dc.publisher",
    "published": "article:published_time og:article:published_time parsely-pub-date "
    "datepublished sailthru.date citation_publication_date citation_date dc.date.issued "
    "dcterms.issued dcterms.created dc.date.created dc.date publishdate publish-date publish_date "
    "published-date pubdate date-publication article.published article_date_original "
    "last-publish-date date",
    "author": "author parsely-author sailthru.author article:author citation_author dc.creator byl",
    "section": "article:section parsely-section cxenseparse:section",
    "url": "og:url",
}
_FIELD_OF = {name: field for field, names in _METAS.items() for name in names.split()}
# Parts of a page that are not the article's.
_APART = (
    "ancestor::nav | ancestor::footer | ancestor::aside | ancestor::*[contains(@class, 'comment')]"
    " | ancestor::*[contains(@class, 'related')] | ancestor::header[not(ancestor::article)]"
)
_DATED = (
    "//*[self::span or self::p or self::div or self::li or self::td]"
    "[contains(@class, 'date') or contains(@id, 'date') or contains(@class, 'publish')"
    " or contains(@class, 'time') or contains(@class, 'meta') or contains(@class, 'datum')"
    " or contains(@class, 'fecha') or contains(@class, 'data')]"
)
_SIGNED = (
    "//*[contains(@class, 'byline') or contains(@class, 'author') or contains(@class, 'autor')"
    " or contains(@class, 'auteur') or @rel='author'"
    " or @itemprop='author']"
)
_A_PARAGRAPH = 60  # letters
_MODIFIED = re.compile(r"modif|updat|aktualis|mis à jour|edit", re.IGNORECASE)


def page_fields(tree) -> tuple[dict[str, str], bool]:
    """Fields of an article's page, and whether the page says that it is an article.

    Parameters
    ----------
    tree : lxml element

    Returns
    -------
    fields : dict of str to str
        ``modified`` among them, which is no field of a record.
    says_article : bool
    """
    metas = _metas(tree)
    canonical = _first(tree, "//link[@rel='canonical']/@href")
    addresses = (canonical, metas.pop("url", ""), _saved_from(tree))
    url = next((address for address in addresses if address.startswith("http")), "")
    heading = next((" ".join(h1.text_content().split()) for h1 in tree.iter("h1")), "")
    fields = {"url": url, **_beside_headline(tree), **metas}
    linked = linked_fields(tree, url, [heading, metas.get("title", "")])
    names = [name for name in linked.get("author", "").split(" and ") if name]
    if names and all(name in metas.get("author", "") for name in names):
        linked["author"] = metas["author"]  # as the page writes them: "A and B"
    fields |= {name: value for name, value in linked.items() if value}
    title = fields.get("title") or heading
    fields["outlet"] = fields.get("outlet") or _outlet_of_title(tree, title)
    for sign in "|–—-·•":
        title = title.removesuffix(f" {sign} {fields['outlet']}") if fields["outlet"] else title
    fields["title"] = title
    language = _first(tree, "/html/@lang | /html/@*[local-name()='lang']")
    language = re.match("([A-Za-z]{2})(?![A-Za-z])", language or fields.get("language", ""))
    fields["language"] = language[1].lower() if language else ""
    kind = _first(tree, "//meta[@property='og:type']/@content")
    return fields, bool(linked) or kind.lower() == "article"


def _first(tree, path: str) -> str:
    return str(next(iter(tree.xpath(path)), "")).strip()


def _metas(tree) -> dict[str, str]:
    """The first of each field's meta elements, in the order of `_METAS`."""
    found: dict[str, str] = {}
    authors: list[str] = []
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = " ".join((meta.get("content") or "").split())
        if name in _FIELD_OF and value:
            found.setdefault(name, value)
            if name in ("citation_author", "dc.creator"):
                authors.append(value)
        elif name in ("article:modified_time", "og:updated_time") and value:
            found.setdefault("modified", value)
    fields = {}
    for field, names in _METAS.items():
        values = [found[name] for name in names.split() if name in found]
        if field == "published":
            values = [value for value in values if stamp(value)]
        if field == "author":
            values = [
                v for v in [" and ".join(authors), *values] if v and "://" not in v and v[0] != "@"
            ]
        if values:
            fields[field] = values[0]
    if "modified" in found:
        fields["modified"] = found["modified"]
    return fields


def _beside_headline(tree) -> dict[str, str]:
    """Date and byline that readers see, from elements that are marked as such."""
    fields = {}
    for element in _near(tree, "//*[@itemprop='datePublished'] | //time"):
        given = element.get("datetime") or element.get("content") or element.text_content()
        if stamp(given) and not _MODIFIED.search(_marks(element)):
            fields["published"] = stamp(given)
            break
    for element in [] if "published" in fields else _near(tree, _DATED):
        text = " ".join(element.text_content().split())
        if _MODIFIED.search(_marks(element) + text) or len(text) > 80:
            continue
        date = text if is_whole_date(text) else dateline(text).get("published", "")
        if date:
            fields["published"] = plain_date(date)
            break
    for element in _near(tree, _SIGNED):
        author = byline(" ".join(element.text_content().split()))
        if author:
            fields["author"] = re.sub(r",\s+[a-zß-öø-ÿ].*$", "", author)  # without the office
            break
    return fields


def _near(tree, path: str) -> list:
    """Elements between a headline and its text, or in its article: no header's, no teaser's."""
    heading = next(iter(tree.xpath("//h1")), None)
    found = [element for element in tree.xpath(path)[:200] if not element.xpath(_APART)]
    if heading is None or not found:
        return found
    article = next(heading.iterancestors("article"), None)
    if article is not None and any(_is_long(paragraph) for paragraph in article.iter("p")):
        return [element for element in found if article in element.iterancestors("article")]
    between, order, begun = set(found), [], False
    for element in tree.iter():
        begun = begun or element is heading
        if begun and element in between:
            order.append(element)
        if begun and element.tag == "p" and _is_long(element):
            break
    return order


def _is_long(paragraph) -> bool:
    return len(paragraph.text_content()) > _A_PARAGRAPH


def _marks(element) -> str:
    return " ".join(
        filter(None, (element.get("class"), element.get("id"), element.get("itemprop")))
    )


def _saved_from(tree) -> str:
    """The address that browsers write into a page that they save."""
    for comment in tree.getroottree().xpath("/comment() | //comment()")[:20]:
        found = re.search(r"saved from url=\(\d+\)\s*(https?://\S+)", comment.text or "")
        if found:
            return found[1]
    return ""


def _outlet_of_title(tree, title: str) -> str:
    """The site's name, as it stands after the headline in the page's title."""
    whole = " ".join("".join(tree.xpath("//title[1]//text()")).split())
    if not title or not whole.startswith(title):
        return ""
    found = re.match(r"\s*[|–—·•-]\s+([^|–—·•]+)$", whole[len(title) :])
    return found[1].strip() if found else ""


def site_and_path(url: str) -> tuple[str, str]:
    """The site of an address, without ``www.``, and the page's path in it; empty if it is none."""
    found = _ADDRESS.match(url)
    return (
        ("", "") if found is None else (found[1].lower().removeprefix("www."), found[2].strip("/"))
    )
