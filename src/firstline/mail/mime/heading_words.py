"""What mail programs call the fields of a mail, and the mail that is answered or passed on.

The words of Outlook, Thunderbird, Apple Mail, Yahoo and Gmail in the languages that they speak.
"""


def _words(text: str) -> frozenset[str]:
    """The words and phrases between the bars."""
    return frozenset(" ".join(one.split()) for one in text.split("|"))


# Fields, in the order in which a header is repeated.
FROM = _words("""
    from | от | от кого | отправитель | подател | від | від кого | відправник | ад | ад каго |
    адпраўнік | од | шаље | пошиљалац | od | šalje | pošiljalac | pošiljatelj | nadawca |
    von | van | de | de la | expeditor | expéditeur | da | fra | frå | från | frá |
    lähettäjä | saatja | kellelt | no | nuo | siuntėjas | feladó | από | kimden | gönderen |
    kimdən | кімнен | жіберуші | kimdan | מאת | من | از | प्रेषक | से | จาก | từ | người gửi |
    dari | daripada | 差出人 | 送信者 | 发件人 | 寄件者 | 寄件人 | 보낸 사람 | 보낸사람 | nga | nork |
    igorlea | ó | oddi wrth | kutoka
""")
SENT = _words("""
    sent | отправлено | послано | изпратено | изпратен | надіслано | відправлено |
    адпраўлена | испратено | послато | poslato | poslano | odesláno | odoslané | odoslaná |
    wysłano | wysłane | gesendet | verzonden | envoyé | envoyé le | date d'envoi |
    date d’envoi | enviado | enviado el | enviada | enviado em | enviada em | enviat |
    enviat el | inviato | trimis | sendt | skickat | lähetetty | saadetud | saatmisaeg |
    nosūtīts | išsiųsta | elküldve | küldve | στάλθηκε | εστάλη | απεστάλη | gönderildi |
    gönderilme tarihi | gönderme tarihi | göndərilib | жіберілді | yuborilgan | נשלח |
    תאריך שליחה | تم الإرسال | تاريخ الإرسال | أرسلت | ارسال شده | ارسال | भेजा गया | ส่ง |
    ส่งเมื่อ | đã gửi | ngày gửi | dikirim | terkirim | dihantar | 送信日時 | 送信日 | 发送时间 | 发送日期 |
    傳送日期 | 寄件日期 | 보낸 날짜 | 보냄 | dërguar | bidalia | seolta | anfonwyd | imetumwa
""")
DATE = _words("""
    date | дата | датум | datum | dátum | data | fecha | dato | päivämäärä | päiväys |
    kuupäev | datums | ημερομηνία | tarih | tarix | күні | תאריך | التاريخ | تاریخ | दिनांक |
    วันที่ | ngày | tanggal | tarikh | 日付 | 日期 | 时间 | 날짜 | dagsetning | dyddiad
""")
SUBJECT = _words("""
    subject | тема | относно | тэма | предмет | наслов | tema | predmet | naslov | zadeva |
    předmět | temat | betreff | onderwerp | objet | sujet | asunto | assumpte | assunto |
    oggetto | subiect | emne | ämne | aihe | teema | tēma | tárgy | θέμα | konu | mövzu |
    тақырыбы | тақырып | mavzu | נושא | الموضوع | موضوع | विषय | เรื่อง | หัวเรื่อง | chủ đề |
    tiêu đề | subjek | subyek | perihal | 件名 | 主题 | 主旨 | 主題 | 제목 | efni | subjekti | gaia |
    ábhar | testun | pwnc | mada
""")
OTHER = _words("""
    to | cc | bcc | reply-to | importance | attachments | кому | копия | получатель |
    важность | до | копие | получател | копія | каму | да | копија | за | коме | za | kome |
    prima | primatelj | kopija | kp | komu | kopie | kópia | do | adresat | dw | an | aan |
    à | copie à | copie | para | a | per a | către | catre | til | till | kopia |
    vastaanottaja | kenelle | kopio | adressaat | saaja | kellele | kam | adresāts | címzett |
    másolatot kap | másolat | προς | κοιν. | kime | alıcı | bilgi | kimə | кімге | kimga |
    אל | עותק | إلى | نسخة | به | प्रति | को | ถึง | สำเนา | đến | tới | người nhận | kepada |
    untuk | ke | 宛先 | 收件人 | 收件者 | 抄送 | 副本 | 받는 사람 | 받는사람 | 참조 | për | nori | hartzailea |
    chuig | at | kwa
""")
ORIGINAL = _words("""
    original message | original appointment | reply message | исходное сообщение |
    исходное письмо | оригинальное сообщение | первоначальное сообщение | оригинал сообщения |
    оригинално съобщение | първоначално съобщение | оригинално писмо | изходно съобщение |
    вихідне повідомлення | оригінальне повідомлення | початкове повідомлення | зыходны ліст |
    зыходнае паведамленне | оригинална порака | оригинална порука | originalna poruka |
    izvorna poruka | izvirno sporočilo | původní zpráva | původní e-mail | pôvodná správa |
    wiadomość oryginalna | oryginalna wiadomość | ursprüngliche nachricht | ursprüngliche mail |
    originalnachricht | original-nachricht | oorspronkelijk bericht | origineel bericht |
    message d'origine | message d’origine | message original | mensaje original |
    missatge original | mensaxe orixinal | mensagem original | messaggio originale |
    mesaj original | mesajul original | oprindelig meddelelse | oprindelig besked |
    opprinnelig melding | ursprungligt meddelande | originalmeddelande | alkuperäinen viesti |
    algne teade | algne kiri | sākotnējais ziņojums | originalus laiškas | pradinis laiškas |
    eredeti üzenet | αρχικό μήνυμα | orijinal mesaj | özgün ileti | orijinal ileti |
    бастапқы хабар | הודעה מקורית | الرسالة الأصلية | پیام اصلی | मूल संदेश | ข้อความต้นฉบับ |
    thư gốc | tin nhắn gốc | pesan asli | mesej asal | 元のメッセージ | 原始邮件 | 原邮件 | 原始郵件 | 郵件原件 |
    原始訊息 | 원본 메시지 | 원본 이메일
""")
FORWARDED = _words("""
    forwarded message | begin forwarded message | пересылаемое сообщение |
    пересланное сообщение | перенаправленное сообщение | переадресованное сообщение |
    пересылаемое письмо | начало переадресованного сообщения |
    начало перенаправленного сообщения | препратено съобщение | препратено писмо |
    начало на препратеното съобщение | переслане повідомлення | пересланий лист |
    weitergeleitete nachricht | anfang der weitergeleiteten nachricht |
    anfang der weitergeleiteten e-mail | message transféré | début du message réexpédié |
    début du message transféré | mensaje reenviado | inicio del mensaje reenviado |
    mensagem encaminhada | mensagem reencaminhada | início da mensagem reencaminhada |
    início da mensagem encaminhada | messaggio inoltrato | inizio messaggio inoltrato |
    doorgestuurd bericht | begin doorgestuurd bericht | vidarebefordrat meddelande |
    vidarebefordrat brev | videresendt meddelelse | videresendt besked |
    start på videresendt besked | videresendt melding | videresendt e-post |
    välitetty viesti | välitetty viesti alkaa | edelleenlähetetty viesti |
    przekazana wiadomość | wiadomość przekazana dalej | początek przekazanej wiadomości |
    přeposlaná zpráva | předávaná zpráva | začátek přeposílané zprávy | preposlaná správa |
    začiatok preposlanej správy | továbbított üzenet | továbbított levél |
    mesaj redirecționat | mesaj înaintat | începutul mesajului redirecționat |
    yönlendirilmiş ileti | yönlendirilen ileti | iletilen mesaj | proslijeđena poruka |
    προωθημένο μήνυμα | הודעה שהועברה | رسالة معاد توجيهها | 転送されたメッセージ | 転送メッセージ | 转发的邮件 |
    轉寄的郵件 | 전달된 메시지
""")
