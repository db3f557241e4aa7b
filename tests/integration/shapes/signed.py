"""Real signatures with keys made for the run: they must verify after the message went through."""

import base64
import os
import re
import subprocess

import dkim

from compose import fields, file, lines, mail, multipart, text
from letters import EN, MILD
from table import Shape

WHO = "someone@sender.test"


def run(*command: str, data: bytes = b"") -> bytes:
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout


def keys_make(keys: str) -> None:
    os.makedirs(keys, mode=0o700, exist_ok=True)
    run("openssl", "genrsa", "-out", f"{keys}/dkim.pem", "2048")
    certificate = ["-days", "2", "-subj", "/CN=Someone", "-addext", f"subjectAltName=email:{WHO}"]
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{keys}/smime.key"]
    run("openssl", "req", "-x509", *key, "-out", f"{keys}/smime.crt", *certificate)
    os.makedirs(f"{keys}/gnupg", mode=0o700, exist_ok=True)
    gpg(keys, "--passphrase", "", "--quick-generate-key", WHO, "ed25519", "sign", "2d")


def gpg(keys: str, *arguments: str, data: bytes = b"") -> bytes:
    return run("gpg", "--homedir", f"{keys}/gnupg", "--batch", "--quiet", "--pinentry-mode", "loopback", *arguments, data=data)


def keys_end(keys: str) -> None:
    """Ends the agent that gpg started for this folder."""
    run("gpgconf", "--homedir", f"{keys}/gnupg", "--kill", "gpg-agent")


def shapes(keys: str) -> list[Shape]:
    part = lines(text(EN, cte="quoted-printable"))
    smime = run("openssl", "smime", "-sign", "-signer", f"{keys}/smime.crt", "-inkey", f"{keys}/smime.key", data=part)
    smime = re.sub(rb"\AMIME-Version: 1.0\r?\n", b"", smime)
    proof = gpg(keys, "--armor", "--detach-sign", "--output", "-", data=part)
    proof = fields(Content_Type="application/pgp-signature") + b"\n" + proof
    pgp = multipart("signed", part, proof, params='; micalg=pgp-sha512; protocol="application/pgp-signature"')
    out = [
        Shape("smime-signed", mail("smime-signed", smime), "48", never="signed", checks=("smime",)),
        Shape("pgp-signed", mail("pgp-signed", pgp), "48", never="signed", checks=("pgp",)),
    ]
    with open(f"{keys}/dkim.pem", "rb") as f:
        key = f.read()
    for name, form, message in (
        ("dkim-simple", b"simple", mail("dkim-simple", text(EN))),
        ("dkim-relaxed", b"relaxed", mail("dkim-relaxed", multipart("mixed", text(EN), file("a.bin", bytes(range(256)))))),
        ("dkim-mild", b"relaxed", mail("dkim-mild", text(MILD))),
    ):
        covered = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"]
        field = dkim.sign(message, b"s1", b"sender.test", key, canonicalize=(form, form), include_headers=covered)
        out.append(Shape(name, lines(field) + message, "57", checks=("dkim",)))
    return out


def verifies(check: str, keys: str, message: bytes) -> bool:
    """message with the line ends of the wire."""
    try:
        if check == "smime":
            run("openssl", "smime", "-verify", "-CAfile", f"{keys}/smime.crt", "-purpose", "any", data=message)
            return True
        if check == "pgp":
            body = message[message.index(b"\r\n\r\n") + 4 :]
            part, proof = body.split(b"\r\n--b1\r\n")
            part, proof = part[len(b"--b1\r\n") :], proof[proof.index(b"-----BEGIN") :]
            with open(f"{keys}/proof", "wb") as f:
                f.write(proof)
            gpg(keys, "--verify", f"{keys}/proof", "-", data=part + b"\r\n")
            return True
        public = run("openssl", "rsa", "-in", f"{keys}/dkim.pem", "-pubout", "-outform", "DER")
        record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
        zone = {b"s1._domainkey.sender.test.": record}
        return dkim.verify(message, dnsfunc=lambda name, timeout=5: zone.get(name))
    except (subprocess.CalledProcessError, ValueError, dkim.DKIMException):
        return False
