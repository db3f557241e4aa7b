# Sieve (RFC 5228): flagged mail into a folder of its own. A letter is not deleted: it is evidence.
# For one mailbox as it is; for all, with Dovecot: sieve_before in 90-sieve.conf, then sievec on the file.
require ["fileinto", "mailbox"];

if header :is "X-Extortion-Flag" "yes" {
    fileinto :create "Extortion";
    stop;
}
