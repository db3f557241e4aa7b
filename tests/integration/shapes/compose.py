"""Puts messages together from bytes, as they go over the wire; nothing here parses, and no library
writes MIME for us: the shapes that matter are those a library would not write."""

import base64
import quopri


def lines(data: bytes) -> bytes:
    """Line ends of the wire. What is to stay as it is does not come through here."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def encode(data: bytes, cte: str) -> bytes:
    if cte == "base64":
        return base64.encodebytes(lines(data))
    if cte == "base64-one-line":
        return base64.b64encode(lines(data)) + b"\n"
    if cte == "quoted-printable":
        return quopri.encodestring(data)
    return data


def fields(**values: str) -> bytes:
    """Content_Type="text/plain" becomes the field Content-Type."""
    named = [(k.replace("_", "-"), v) for k, v in values.items() if v]
    return b"".join(f"{k}: {v}\n".encode("utf-8", "surrogateescape") for k, v in named)


def text(
    words: str,
    subtype: str = "plain",
    charset: str = "utf-8",
    cte: str = "8bit",
    codec: str = "",
    params: str = "",
) -> bytes:
    """A text part. charset is what is said, codec what is done."""
    kind = f"text/{subtype}" + (f"; charset={charset}" if charset else "") + params
    declared = "base64" if cte == "base64-one-line" else cte
    return fields(Content_Type=kind, Content_Transfer_Encoding=declared) + b"\n" + encode(words.encode(codec or charset), cte)


def page(words: str, head: str = "", body: str = "<body>", after: str = "") -> str:
    """A text as an HTML page."""
    shown = words.replace("&", "&amp;").replace("<", "&lt;").replace("\n\n", "</p>\n<p>").replace("\n", "<br>\n")
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n{body}\n<p>{shown}</p>\n{after}</body></html>\n"


def html(words: str, cte: str = "8bit", charset: str = "utf-8", **more: str) -> bytes:
    return text(page(words, **more), "html", charset, cte)


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    head = fields(
        Content_Type=f'{kind}; name="{name}"',
        Content_Transfer_Encoding="base64",
        Content_Disposition=f'attachment; filename="{name}"',
    )
    return head + b"\n" + base64.encodebytes(content)


def multipart(
    subtype: str,
    *parts: bytes,
    boundary: str = "b1",
    params: str = "",
    preamble: bytes = b"",
    epilogue: bytes = b"",
    closed: bool = True,
) -> bytes:
    delimiter = b"--" + boundary.encode()
    quoted = f'"{boundary}"' if not boundary.isalnum() else boundary
    out = fields(Content_Type=f"multipart/{subtype}; boundary={quoted}{params}") + b"\n" + preamble
    for part in parts:
        out += (b"" if out.endswith(b"\n") else b"\n") + delimiter + b"\n" + part
    return out + (b"" if out.endswith(b"\n") else b"\n") + (delimiter + b"--\n" if closed else b"") + epilogue


def attached(message: bytes) -> bytes:
    return fields(Content_Type="message/rfc822", Content_Disposition="attachment") + b"\n" + message


def mail(name: str, part: bytes, top: bytes = b"", subject: str = "Read this", to: str = "u@example.test") -> bytes:
    """A message of one part; all fields that an MTA would add are there."""
    own = fields(
        From="Someone <someone@sender.test>",
        To=f"<{to}>",
        Date="Mon, 23 Nov 2026 10:00:00 +0000",
        Message_ID=f"<{name}@sender.test>",
    )
    return lines(top + own + (fields(Subject=subject) if subject else b"") + b"MIME-Version: 1.0\n" + part)
