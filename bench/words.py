"""The words of the made desks, the most frequent first: three languages of a help desk."""


def _listed(words: str) -> list[str]:
    return words.split()


RUSSIAN = _listed("""
и в не на что с сервер у по не за после ошибка почта как к это мы от но для сайт вчера из так уже
работает письмо если только сегодня нам при вас пожалуйста заказ все или адрес клиент договор есть
доступ утра до проверьте система пароль было когда снова можно сейчас файл очень диск нет будет
ответ страница время через настройки неделю номер без запрос отдел два они сообщение принтер
который день сеть обновление домен сертификат можем резервная копия счёт оплата вход спасибо один
отправить получили проблема базе данные быстро медленно пользователь пользователи кабинет таблица
отчёт склад камера датчик температура насос клапан контроллер прошивка монтаж гарантия ремонт запчасть
инженер выезд объект площадка здание этаж помещение кабель порт коммутатор маршрутизатор провайдер
канал скорость потери пакеты задержка журнал строка код версия установка лицензия ключ срок продление
тариф виртуальная машина память процессор нагрузка место закончилось очистить восстановить вернуть
удалили случайно папка общий права группа руководитель бухгалтерия директор согласован заявка статус
открыта закрыта ждём решение временное постоянное причина неизвестна повторяется каждый час ночь
понедельник вторник среда четверг пятница суббота воскресенье январь февраль март апрель май июнь
июль август сентябрь октябрь ноябрь декабрь телефон звонок коллега смена дежурный передайте срочно
критично важно прошу сообщите удалось нашли исправили заменили перезагрузка включить выключить кнопка
экран изображение звук микрофон видео связь обрыв восстановлена мониторинг тревога порог значение
график измерение влажность давление вентиляция кондиционер холодильник испаритель компрессор фильтр
масло утечка шум вибрация двигатель питание напряжение авария резерв генератор батарея замена поставка
доставка накладная акт подпись печать реквизиты возврат скидка цена валюта курс налог квартал год план
проект задача этап тест проверка результат вывод предложение вопрос ответственный контакт фамилия
перевод документ инструкция раздел статья ссылка пример образец форма поле список фильтрация сортировка
поиск кэш браузер окно вкладка мобильное приложение уведомление подписка отписка рассылка спам вирус
блокировка разблокировать попытка капча токен интеграция обмен выгрузка загрузка импорт экспорт формат
кодировка символ таймаут соединение шлюз прокси балансировщик контейнер образ развёртывание откат ветка
""")

ENGLISH = _listed("""
the to and is of we a in it for not on server that you after error mail this with have our please site
be are from yesterday but works again when can order if your address at customer was access since
password today still system an page there by contract now no all file disk as will so morning check
answer time or out request number settings before very two day week printer network update domain
certificate backup copy invoice payment sign-in thanks one sent received problem database data quickly
slowly user users account table report warehouse camera sensor temperature pump valve controller
firmware installation warranty repair spare part engineer visit object location building floor room
cable port switch router provider line speed loss packets delay log row code version setup licence key
term renewal plan virtual machine memory processor load space full clean restore return deleted accident
folder shared rights group manager accounting director agreed ticket status opened closed waiting
solution temporary permanent reason unknown repeats every hour night monday tuesday wednesday thursday
friday saturday sunday january february march april may june july august september october november
december phone call colleague shift duty forward urgent critical important kindly tell managed found
fixed replaced restart enable disable button screen picture sound microphone video connection outage
restored monitoring alarm threshold value chart measurement humidity pressure ventilation conditioner
refrigerator evaporator compressor filter oil leak noise vibration motor power voltage failure reserve
generator battery replacement supply delivery waybill act signature stamp details refund discount price
currency rate tax quarter year project task stage test result conclusion offer question responsible
contact surname translation document manual section article link example sample form field list
filtering sorting search cache browser window tab mobile application notice subscription newsletter spam
virus blocked unlock attempt token integration exchange upload download import export format encoding
character timeout gateway proxy balancer container image deployment rollback branch release schedule
window maintenance spool queue thread worker retry limit quota mailbox alias forwarding archive retention
audit policy profile avatar theme language region zone calendar holiday reminder escalation handover
""")

BULGARIAN = _listed("""
и на да се не в за от е сървър с по ни грешка след поща ще като но сайт вчера ако така вече работи
писмо само днес при моля поръчка всички или адрес клиент договор има достъп сутрин до проверете система
парола беше когато отново може сега файл много диск няма отговор страница време през настройки седмица
номер без заявка отдел две те съобщение принтер който ден мрежа обновяване домейн сертификат можем
резервно копие фактура плащане вход благодаря един изпратих получихме проблем базата данни бързо бавно
потребител потребители профил таблица справка склад камера датчик температура помпа клапан контролер
фърмуер монтаж гаранция ремонт част инженер посещение обект площадка сграда етаж помещение кабел порт
комутатор рутер доставчик линия скорост загуби пакети забавяне дневник ред код версия инсталация лиценз
ключ срок подновяване тарифа виртуална машина памет процесор натоварване място свърши почистете
възстановете върнете изтрихме случайно папка обща права група ръководител счетоводство директор
съгласувано статус отворена затворена чакаме решение временно постоянно причина неизвестна повтаря всеки
час нощ понеделник вторник сряда четвъртък петък събота неделя януари февруари март април май юни юли
август септември октомври ноември декември телефон обаждане колега смяна дежурен предайте спешно
критично важно съобщете успяхме намерихме поправихме сменихме рестарт включете изключете бутон екран
картина звук микрофон видео връзка прекъсване възстановена наблюдение аларма праг стойност графика
измерване влажност налягане вентилация климатик хладилник изпарител компресор филтър масло теч шум
вибрация двигател захранване напрежение авария резерв генератор батерия смяната доставка товарителница
протокол подпис печат реквизити връщане отстъпка цена валута курс данък тримесечие година план проект
задача етап тест проверка резултат извод предложение въпрос отговорник контакт фамилия превод документ
ръководство раздел статия връзката пример образец формуляр поле списък филтриране сортиране търсене
браузър прозорец раздела мобилно приложение известие абонамент бюлетин спам вирус блокиране отключете
опит интеграция обмен качване изтегляне внос износ формат кодировка символ изтичане шлюз прокси контейнер
образ внедряване връщането клон издание график поддръжка опашка нишка повторение лимит квота кутия
псевдоним препращане архив съхранение одит политика тема език регион зона календар празник напомняне
""")

WORDS = {"ru": RUSSIAN, "en": ENGLISH, "bg": BULGARIAN}
GREETINGS = {"ru": "Добрый день!", "en": "Hello,", "bg": "Здравейте,"}
FAREWELLS = {"ru": "С уважением,", "en": "Kind regards,", "bg": "Поздрави,"}
WROTE = {"ru": "пишет:", "en": "wrote:", "bg": "написа:"}

FIRST_NAMES = {
    "ru": _listed("Анна Иван Ольга Пётр Мария Сергей Елена Дмитрий Наталья Алексей Татьяна Михаил"),
    "en": _listed("Grace Daniel Emma Oliver Hannah James Alice Thomas Laura Peter Nina Martin"),
    "bg": _listed(
        "Иванка Георги Мария Димитър Елица Стоян Цветелина Николай Росица Петър Яна Калин"
    ),
}
LAST_NAMES = {
    "ru": _listed(
        "Коваленко Ким Шевчук Левченко Мельник Ткаченко Бондарь Гнатюк Черных Седых Живаго"
    ),
    "en": _listed("Walker Hughes Bennett Murray Foster Reid Palmer Grant Dawson Barnes Holt"),
    "bg": _listed("Стоянов Радев Колев Минков Тодоров Велчев Бонев Даскалов Манев Пеев Златев"),
}
SYLLABLES = _listed(
    "ba de fi go ku la me ni po ru sa te vi zo ka le mo nu ri ta xo bri stra kle dro"
)
