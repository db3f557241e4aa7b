"""The words of the shapes. Made up; the addresses are published test vectors (BIP 49, 84)."""

WALLET = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"

EN = f"""I know that sunflower-1987 is one of your passwords. I installed a program on your computer and
recorded you through your webcam while you visited adult sites.

If you do not want me to send this video to all your contacts, friends and relatives, transfer
950 dollars in bitcoin to this address:

{WALLET}

You have 48 hours from the moment you open this letter. If I do not get the money I will publish
the video. When I get the payment I will delete it. Do not go to the police.
"""

# Flagged, but not strongly.
MILD = """We copied the customer data of your shop. Pay 500 euros in bitcoin within 48 hours or we publish it.
"""

FI = f"""Olemme murtautuneet Kivilammen Psykoterapiakeskuksen potilastietojärjestelmään. Hallussamme ovat
nimesi, henkilötunnuksesi, osoitteesi ja kaikki potilaskertomuksesi.

Pyydämme sinua maksamaan 200 euroa bitcoineina. Jos emme saa maksua 24 tunnin kuluessa, tietosi
julkaistaan kaikkien nähtäväksi: nimesi, osoitteesi ja koko potilaskertomuksesi.

Maksa tähän bitcoin-osoitteeseen:

{WALLET}

Kun maksu on saapunut, tietosi poistetaan palvelimeltamme. Poliisi ei voi auttaa sinua.
"""

RU = f"""Я взломал ваш компьютер и установил вирус. Я записал видео через вашу веб-камеру, когда вы
смотрели порно на сайтах для взрослых.

Если вы не хотите, чтобы я отправил это видео всем вашим контактам, друзьям и родственникам,
переведите 900 долларов в биткоинах на этот адрес:

{WALLET}

У вас есть 48 часов. После оплаты я удалю видео. Не обращайтесь в полицию.
"""

JA = f"""私はあなたのコンピューターをハッキングし、ウイルスをインストールしました。あなたがアダルトサイトを見ている間、
ウェブカメラであなたの動画を録画しました。

この動画をあなたのすべての連絡先、友人、家族に送信されたくなければ、900ドルのビットコインを次のアドレスに
送金してください。

{WALLET}

48時間以内に支払ってください。支払いを確認したら動画を削除します。警察に連絡しないでください。
"""

ZH = f"""我入侵了您的电脑并安装了病毒。在您访问成人网站时,我通过您的摄像头录制了您的视频。

如果您不想让我把这段视频发送给您的所有联系人、朋友和家人,请将900美元的比特币转到以下地址:

{WALLET}

您有48小时的时间付款。收到付款后我会删除视频。不要报警。
"""

CLEAN = """The meeting on Thursday moves to room 4, since the projector in room 2 is broken. Please bring the
minutes of the last one; we need to agree on them before we begin.
"""
