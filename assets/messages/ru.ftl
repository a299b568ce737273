# Metrics: names as labels of a measure.
metric-received = Поступило
metric-resolved = Решено
metric-in-work = В работе
metric-overdue = Просрочено
metric-overdue-share = Доля просроченных
metric-postponed = Перенесено
metric-repeats = Повторных
metric-repeat-share = Доля повторных
metric-first-reply-hours = Первый ответ
metric-resolution-days = Решают за
metric-accepted-share = Приняли жители
metric-received-per-thousand = На тысячу жителей
metric-in-work-per-thousand = В работе на тысячу
metric-postponed-share = Доля перенесённых
metric-moves = Переносов срока
metric-first-reply-mean-hours = Первый ответ
metric-first-reply-p90-hours = Первый ответ, 90 %
metric-resolution-mean-days = Решают за
metric-resolution-p90-days = Решают за, 90 %
metric-closed-late = Закрыто с опозданием
metric-on-time-share = Решено в срок
metric-accepted = Подтвердили жители
metric-rating = Оценка жителей

period-now = сейчас
period-today = сегодня
period-24-hours = за 24 часа
period-7-days = за 7 дней
period-yesterday = вчера
period-week = с понедельника
period-month = с начала месяца
period-quarter = с начала квартала
period-year = с начала года
period-90-days = за 90 дней
period-365-days = за 365 дней
period-30-days = за 30 дней
period-median = медиана, { $period ->
    [last-today] сегодня
    [last-24-hours] 24 ч
    [last-7-days] 7 дней
    [last-30-days] 30 дней
   *[last-now] сейчас
 }

# $count is the number as CLDR sees it: a fraction takes «часа».
unit-hours = { $count ->
    [one] час
    [few] часа
    [many] часов
   *[other] часа
 }
unit-days = { $count ->
    [one] день
    [few] дня
    [many] дней
   *[other] дня
 }
percentage-points = п. п.

stamp-live = данные на { $time }
stamp-live-short = на { $time }
stamp-stale = { $minutes ->
    [0] меньше минуты назад
    [one] { $minutes } минуту назад
    [few] { $minutes } минуты назад
   *[many] { $minutes } минут назад
 }
stamp-old = данные от { $time }
stamp-lost = нет связи с { $time }
press-hidden = Сейчас не показывается
pairing-title = Подключается пульт ({ $from }): введите цифры или наведите камеру
pairing-until = действует до { $time }
stamp-waiting = ждём данные

demo = демоданные
demo-short = демо
key-year-ago = год назад
key-today = сегодня
feed-title = Новые обращения
feed-table-title = Сообщения
feed-rate = { $count ->
    [one] { $count } за минуту
    [few] { $count } за минуту
   *[many] { $count } за минуту
 }
feed-rate-hour = { $count } за час
feed-empty = Новых обращений нет
age-seconds = { $count } с
age-minutes = { $count } мин
age-hours = { $count } ч
age-days = { $count } дн
map-title = Где обращаются
map-key = новые, 1 мин
map-empty = обращений нет
map-up-to = до { $value } { $per }
map-no-land = Границы региона не заданы
map-no-land-more = ключ boundaries в [region]
map-per-km2 = на км²
map-per-residents = на 1000 жителей
map-few-residents = почти не живут
map-no-data = нет данных
map-in-hours = за { $hours } ч
map-year-ago = год назад
map-before = прежде
chart-empty-days = Обращений нет
chart-empty-table = Данных нет
chart-empty = За сутки обращений нет
hours-title = По часам
hours-in = в { $hour } ч
ranking-empty = Сравнивать нечего: нет данных
ranking-places = места за неделю
ranking-equals = { $count ->
    [one] { $count } округ
    [few] { $count } округа
   *[many] { $count } округов
 }
region-waiting = Ждём данные региона

unit-per-thousand = на 1000

review-title = 7 дней: { $days }
review-rule = место по трём долям
review-count = { $size ->
    [large] { $count ->
        [one] { $count } крупный округ
        [few] { $count } крупных округа
       *[other] { $count } крупных округов
     }
    [middle] { $count ->
        [one] { $count } средний округ
        [few] { $count } средних округа
       *[other] { $count } средних округов
     }
   *[small] { $count ->
        [one] { $count } малый округ
        [few] { $count } малых округа
       *[other] { $count } малых округов
     }
 }
review-overdue = просрочено
review-repeated = повторные
review-postponed = переносы
warnings-title = Ранние сигналы
warnings-empty = Всплесков нет: поступает не больше обычного
warnings-blind = Свежих данных нет: всплески не видны
warnings-young = Данных меньше недели: всплески ещё не видны
warnings-region = вся область
warnings-more = ещё { $count }
warnings-counted = { $count } за { $hours } ч, обычно { $expected }
warnings-signal = Ранний сигнал
warnings-in-hours = { $hours ->
    [one] за { $hours } час
    [few] за { $hours } часа
   *[other] за { $hours } часов
 }
warnings-usual = обычно { $expected }
table-more = и ещё { $count }
deadlines-title = Сроки
deadlines-overdue = просрочено
deadlines-today = сегодня
deadlines-tomorrow = завтра
deadlines-empty = В работе ничего нет
deadlines-untold = Источники не сообщают сроков
deadlines-untold-state = Источники не сообщают, что ещё в работе
deadlines-agencies = Просрочено по исполнителям
deadlines-soonest = Ближайшие сроки
deadlines-in-hours = { $hours } ч { $minutes } мин
calendar-title = Когда обращаются
calendar-note = { $count ->
    [one] в час, за { $count } неделю
    [few] в час, за { $count } недели
   *[other] в час, за { $count } недель
 }
calendar-days = пн вт ср чт пт сб вс
funnel-title = Путь обращений
funnel-received = Поступило
funnel-replied = Первый ответ
funnel-answered = Решено
funnel-accepted = Подтвердили
result-in = в
result-times = { $count ->
    [one] раз
    [few] раза
    [many] раз
   *[other] раза
 }
result-less = меньше
result-more = больше
result-ago = год назад: { $value }
unit-thousands = тыс.
unit-millions = млн

multiples-note = по часам, сегодня
bars-norm = норма { $value }
bars-week-ago = неделю назад
bars-unknown = не указано
deadlines-week = за неделю
deadlines-later = позже
camera-waiting = Камера ещё не прислала ни одного кадра
progress-whole = { $fact } из { $plan }
chart-rest = прочие
flow-title = Откуда пришло и кто отвечает
flow-untold = Источники не сообщают каналов
flow-rest = остальные
cards-empty = Ответов ещё нет
cards-answered = Что ответили жителям
gauge-plan = план { $value }
gauge-goal = цель { $value }
gauge-behind = отстаём на { $value }
gauge-in-time = идём по плану
gauge-short = до цели { $value }
gauge-over = хуже цели на { $value }
gauge-reached = цель достигнута
weather-title = Погода
weather-clear = ясно
weather-partly-cloudy = переменная облачность
weather-cloudy = облачно
weather-fog = туман
weather-rain = дождь
weather-sleet = дождь со снегом
weather-snow = снег
weather-thunder = гроза
weather-wind = ветер { $speed } м/с
photos-before = Было
photos-after = Стало

# What each metric counts: the catalogue of the documents and of the wall.
definition-received = Обращения, поступившие за период.
definition-received-per-thousand = Обращения, поступившие за период, на тысячу жителей.
definition-repeats = Поступившие за период обращения, связанные с более ранними.
definition-repeat-share = Доля повторных среди поступивших за период.
definition-in-work = Обращения, поступившие и не отвеченные на конец периода.
definition-in-work-per-thousand = Обращения в работе на конец периода на тысячу жителей.
definition-overdue = Обращения в работе, срок которых на конец периода прошёл.
definition-overdue-share = Доля просроченных среди обращений в работе на конец периода.
definition-postponed = Обращения в работе на конец периода, срок которых переносили.
definition-postponed-share = Доля обращений с перенесённым сроком среди обращений в работе на конец периода.
definition-moves = Сколько раз переносили сроки обращений, которые на конец периода в работе.
definition-first-reply-hours = Медиана времени от поступления до первого ответа, данного за период, в часах.
definition-first-reply-mean-hours = Среднее время от поступления до первого ответа, данного за период, в часах.
definition-first-reply-p90-hours = Время, за которое дали девять из десяти первых ответов периода, в часах.
definition-resolved = Обращения, на которые за период дан ответ исполнителя.
definition-resolution-days = Медиана времени от поступления до ответа исполнителя, данного за период, в днях.
definition-resolution-mean-days = Среднее время от поступления до ответа исполнителя, данного за период, в днях.
definition-resolution-p90-days = Время, за которое дали девять из десяти ответов периода, в днях.
definition-closed-late = Обращения, на которые за период ответили после срока.
definition-on-time-share = Доля ответов периода, данных в срок.
definition-accepted-share = Доля ответов периода, подтверждённых жителем к его концу.
definition-rating = Средняя оценка от 1 до 5, поставленная ответам периода.
definition-accepted = Обращения, ответ на которые житель подтвердил за период.

counted-received = { $count ->
    [one] обращение поступило
    [few] обращения поступили
    [many] обращений поступило
   *[other] обращения поступило
 }
counted-resolved = { $count ->
    [one] обращение решено
    [few] обращения решены
    [many] обращений решено
   *[other] обращения решено
 }
counted-overdue = { $count ->
    [one] обращение просрочено
    [few] обращения просрочены
    [many] обращений просрочено
   *[other] обращения просрочено
 }
counted-repeats = { $count ->
    [one] повторное обращение
    [few] повторных обращения
    [many] повторных обращений
   *[other] повторного обращения
 }
counted-in-work = { $count ->
    [one] обращение в работе
    [few] обращения в работе
    [many] обращений в работе
   *[other] обращения в работе
 }
hero-more = { $period }, на { $by } больше, чем { $than }
hero-less = { $period }, на { $by } меньше, чем { $than }
hero-same = { $period }, столько же, сколько { $than }
hero-year-ago = за то же время год назад
hero-before = { $period ->
    [today] вчера к этому часу
    [week] за те же дни прошлой недели
    [month] за те же дни прошлого месяца
    [quarter] за те же дни прошлого квартала
   *[other] за то же время до этого
 }
kpi-none-late = всё в срок
deadlines-until = до { $time }
warnings-signal-short = Сигнал
warnings-appeals = { $count ->
    [one] обращение
    [few] обращения
   *[other] обращений
 }
review-place = место
progress-due = план на сегодня
result-of = { $year }: { $value }
result-end-of = конец { $year }: { $value }
unit-mark = из 5
unnamed-topic = Тема № { $number }
unnamed-sector = Сфера № { $number }
unnamed-channel = Канал № { $number }
unnamed-agency = Исполнитель № { $number }
unnamed-municipality = Муниципалитет № { $number }
metric-received-minus-resolved = Поступило минус решено
layout-situation-room = Ситуационный зал
layout-overview = Обзор
layout-portrait = Вертикальный экран
layout-sector = Отрасль
layout-weekly-review = Итоги недели
layout-deadlines = Сроки
layout-prevention = Ранние сигналы
layout-channels = Каналы
layout-results = Итоги года
layout-services = Службы
layout-municipality = Муниципалитет
layout-public-kiosk = Киоск
layout-night = Ночь
layout-emergency = Чрезвычайная ситуация
layout-no-room = На этой стене ни одна панель макета «{ $layout }» не помещается так, чтобы её можно было прочесть: нужен экран больше или макет проще
gauge-without = { $count ->
    [one] без { $count } строки
   *[other] без { $count } строк
 }

# Ошибки в файлах.
fault-unknown-key = ключ `{ $name }` здесь неизвестен
fault-unknown-value = значение `{ $name }` здесь неизвестно
fault-missing = не хватает `{ $name }`
fault-meant = может быть, `{ $name }`?
fault-known = здесь известны: { $known }
fault-write = напишите { $text }
fault-cyrillic = в `{ $name }` есть русские буквы, похожие на латинские: { $letters }
fault-out-of-range = { $value } — слишком большое или слишком малое число
fault-expected = здесь ожидается { $wanted }, а стоит { $got }
fault-not-a-whole-number = здесь ожидается целое число, а не { $got }
fault-not-a-number = здесь ожидается число, а не { $got }
fault-not-a-text = здесь ожидается текст в кавычках, а не { $got }
fault-not-a-boolean = здесь ожидается `true` или `false`, а не { $got }
fault-not-a-list = здесь ожидается список [ ... ], а не { $got }
fault-not-a-table = здесь ожидается таблица {"{"} ключ = значение {"}"}, а не { $got }
fault-write-boolean = напишите true или false без кавычек
fault-write-one = напишите один текст, без скобок
fault-twice = `{ $name }` написано дважды
fault-twice-help = уберите одно из двух
fault-empty-file = файл пуст
fault-odd-blank = здесь стоит не обычный пробел, а, например, неразрывный
fault-odd-blank-help = поставьте обычный пробел
fault-open-quote = эта кавычка не закрыта
fault-open-quote-help = поставьте " в конце текста
fault-curly-quotes = кавычки нужны прямые
fault-decimal-comma = дробь пишется с точкой, а не с запятой
fault-semicolon = точка с запятой в конце строки не нужна
fault-semicolon-help = уберите её
fault-colon = после ключа ставится =, а не двоеточие
fault-colon-help = напишите ключ = значение: это файл TOML, а не YAML
fault-unquoted = текст пишется в кавычках
fault-key-letters = ключ `{ $name }` написан не латинскими буквами
fault-key-letters-help = ключи — из латинских букв, цифр, - и _
fault-open-bracket = эта скобка { $bracket } не закрыта
fault-open-bracket-help = поставьте { $bracket } в конце
fault-syntax = это не TOML: { $found }
fault-workbook = это книга Excel (xlsx) или архив, а не текст: сохраните таблицу как CSV
fault-utf-16 = текст в кодировке UTF-16: сохраните его в UTF-8
fault-windows-1251 = текст в кодировке Windows-1251: сохраните его в UTF-8
fault-not-utf-8 = текст не в кодировке UTF-8: сохраните его в UTF-8
fault-no-file = такого файла нет
fault-no-permission = файл нельзя прочесть: дайте на него право пользователю стены
fault-no-text = это не текст
fault-write-digits = напишите цифрами, без кавычек
kind-text = текст
kind-whole-number = целое число
kind-number = число
kind-boolean = true или false
kind-list = список
kind-table = таблица
kind-other = что-то другое

# Что говорит `check`.
check-no-table = ни один источник из этих файлов не даёт таблицы `{ $name }`
check-no-sector = у площадки нет сферы `{ $name }`
check-no-municipality = у площадки нет муниципалитета `{ $name }`
check-no-channel = у площадки нет канала `{ $name }`
check-no-icon = нет значка `{ $name }`
check-demo-no-table = { $file }: в демонстрационном регионе нет таблицы `{ $table }`
check-not-here = { $source }: на этом компьютере: { $what }
check-note = к сведению: { $what }
check-one-well = файл в порядке
check-all-well = все файлы в порядке
check-cannot-read = { $file } не читается: { $why }

# Ошибки макетов, стен и хода визита.
layout-grid-count = в сетке от 1 до 64 столбцов и столько же строк
layout-preset-name = пресет нельзя назвать `{ $name }`
layout-preset-name-help = напишите имя без `/`: пресет показывают как МАКЕТ/ИМЯ
layout-preset-twice = есть два пресета `{ $name }`
fault-other-name = дайте одному из них другое имя
layout-no-preset = в этом макете нет пресета `{ $name }`
layout-no-place = у размещения есть `columns` и `rows`
layout-no-place-help = напишите первый и последний, например columns = [1, 6] и rows = [2, 2]
layout-off-grid = { $what } = [{ $first }, { $last }] не помещается в сетку, где { $what }: { $count }
layout-off-grid-help = напишите первый и последний, от 1 до { $count }
layout-no-grid = в этом макете нет сетки `{ $name }`
layout-no-grid-help = добавьте [{ $name }] с `columns` и `rows`
layout-overlap = эта панель закрывает { $kind }, размещённую раньше
layout-overlap-help = сдвиньте одну из них или дайте верхней больший `depth`
layout-no-panel = здесь не названа панель
layout-two-panels = в одном размещении одна панель
layout-panel-help = напишите panel.ВИД = {"{"} ... {"}"}, где вид — один из: { $kinds }
layout-empty = в макете есть хотя бы одно [[placement]]
layout-empty-help = добавьте [[placement]] с columns, rows и panel.ВИД
layout-size-comma = `{ $text }` — не размер: дробь пишется с точкой: "{ $point }u"
layout-size = `{ $text }` — не размер: напишите "1fr" — доля остатка, или "8.5u" — столько высот самого мелкого текста, который читается с расстояния до стены
wall-grid-count = в сетке от 1 до 32 столбцов и строк
wall-connectors = разъёмов { $named }, а экранов { $count }
wall-connectors-help = назовите по разъёму на экран, ряд за рядом, или ни одного
wall-output-twice = два экрана названы `{ $name }`
wall-output-twice-help = дайте каждому экрану своё имя
wall-matched-once = экран опознаётся одним способом
wall-matched-once-help = оставьте одно из `edid`, `connector` и `order`
wall-rotation = поворот { $degrees } не кратен четверти оборота
wall-rotation-help = напишите 0, 90, 180 или 270, по часовой стрелке
wall-matched-both = экраны `{ $one }` и `{ $other }` опознаются одинаково: { $what }
wall-matched-both-help = каждый дисплей — один экран: их перечисляет `obzor outputs`
wall-empty = у стены есть хотя бы один экран
wall-empty-help = добавьте [grid] из равных экранов или [[output]] для каждого
wall-size = экрана такого размера, как `{ $name }`, не бывает
wall-size-help = size_mm — светящаяся область, ширина и высота в миллиметрах
wall-pixels = у экрана `{ $name }` { $width } × { $height } пикселей
wall-pixels-help = pixels — ширина и высота сигнала, от 16 до 16384
wall-oblong = пиксели экрана `{ $name }` были бы в { $times } раза выше, чем шире
wall-oblong-help = исправьте size_mm или pixels: пиксели у дисплеев квадратные
wall-distance = с { $metres } м стену никто не читает
wall-position-help = position_mm — левый верхний угол светящейся области, в миллиметрах от угла стены вправо и вниз
wall-distance-help = viewing_distance_m — расстояние до самого дальнего читателя, от 0.3 до 100
wall-pitch = шага { $mm } мм у дисплеев не бывает
wall-pitch-help = pitch_mm — ширина светящегося пикселя, от 0.05 до 20
wall-overlap = экран `{ $one }` висит поверх `{ $other }`
wall-overlap-help = сдвиньте его position_mm или исправьте size_mm
wall-too-large = в стене { $width } × { $height } пикселей
wall-too-large-help = держите сторону меньше 65536: больший pitch_mm делает её грубее
operation-address = `{ $text }` — не адрес
operation-address-help = напишите адрес и порт, например "0.0.0.0:7443"
operation-ip = `{ $text }` — не адрес
operation-ip-help = напишите адреса, с которых принимаются команды, например from = ["10.0.0.7"]
operation-osc-anybody = команды OSC не принимаются от кого угодно
operation-days = столько дней ключ действовать не может
operation-days-help = напишите `token_days` от 1 до { $most }
schedule-same-name = два [[slot]] называются `{ $name }`
schedule-same-name-help = дайте каждому своё имя: по нему его пропускают и удерживают
schedule-no-name = у [[slot]] нет имени
schedule-no-name-help = напишите name, например name = "ночь"
schedule-zone = часового пояса `{ $name }` нет
schedule-zone-help = напишите его по базе IANA, например "Europe/Moscow"
schedule-date = `{ $text }` — не дата
schedule-date-help = напишите "2027-01-01" или "2027-01-01..2027-01-08"; первый день раньше последнего
schedule-both = `{ $text }` — и праздник, и рабочий день
schedule-both-help = оставьте дату в holidays или в workdays
schedule-one-time = у [[slot]] только одно из `from` и `to`
schedule-one-time-help = напишите оба, например from = "22:00" и to = "07:00", или ни одного: тогда он идёт весь день
schedule-time = `{ $text }` — не время суток
schedule-time-help = напишите часы и минуты, например "07:30"; конец дня — to = "24:00"
schedule-no-days = в `days` нет ни одного дня
schedule-no-days-help = напишите days = "all", "workdays", "weekends", "holidays", ["mon", "tue"] или даты
schedule-days = дней `{ $text }` нет
schedule-item-secs = { $secs } с ничего не показывают
schedule-item-secs-help = напишите `secs` от 3 до 86400
schedule-shows = неясно, что показывает этот [[slot]]
schedule-shows-help = напишите layout = "night" или playlist = [{"{"} layout = "overview", secs = 60 {"}"}]; `look` стоит при своём макете
schedule-gap = с { $from } до { $until } ничего не назначено; в году таких дней { $days }
schedule-gap-help = добавьте [[slot]] без `from` и `to` с rank = -1: он показывается, когда другого нет
schedule-overlap = `{ $one }` и `{ $other }` одного ранга и идут вместе с { $from }
schedule-overlap-help = дайте одному из них больший `rank`: сейчас показывается тот, что в файле раньше
schedule-never = этот [[slot]] за год не показывается ни разу
schedule-never-help = такого дня в нём нет, или его всегда закрывает другой: проверьте days, from, to и rank
when-one = неясно, за чем следит это условие
when-one-help = напишите одно из: metric, dataset, warnings, alerts, source, output, disk
when-no-period = у показателя не сказано, за какое время
when-side = неясно, с какой стороны условие выполнено
when-side-help = напишите либо above = 50, clear = 35, либо below = 5, clear = 8
when-no-clear = не сказано, когда условие больше не выполнено
when-no-clear-help = напишите clear: с зазором от порога число не переключает стену туда и обратно
when-wrong-clear = `clear` стоит по ту сторону порога
when-wrong-clear-help = clear не больше above и не меньше below
when-secs = этого числа в условии быть не может
when-secs-help = for_secs — от 0 до 86400, пороги — обычные числа
meeting-aside = «{ $title }» отложено: { $why }
signal-formula = Формула
signal-warnings = Ранние предупреждения
signal-alerts = Оповещения ({ $table })
signal-source = Возраст данных «{ $name }», с
signal-outputs = Тёмные экраны
signal-output = Экран «{ $name }» тёмный
signal-disk = Свободно на диске, МиБ
visit-secs = шаг не может длиться { $secs } с
visit-secs-help = напишите `secs` от 3 до 3600
visit-notes = заметки к нему читаются вслух около { $said } с, а длится он { $secs } с
visit-notes-help = сделайте его длиннее или скажите меньше
visit-min-secs = шаг в { $secs } с сокращают не меньше чем до 3 с и не больше его самого
visit-min-secs-help = напишите `min_secs` от 3 до `secs`
visit-end-help = напишите часы и минуты, например "11:30"
error-not-in-sheet = ход визита не разрешает пропустить или настолько сократить эти шаги
visit-empty = в ходе визита есть хотя бы один [[step]]
visit-empty-help = добавьте [[step]] с `title`, `layout`, `secs` и `notes`
legible-pace = эта панель { $kind } бежит со скоростью { $pace } знаков в секунду
legible-pace-help = прочесть можно не больше { $most }: уменьшите `speed`
legible-hidden = на стене { $wall } { $share } % этой панели { $kind } лежит там, где нет экрана
legible-hidden-help = сдвиньте её или дайте макету сетку по форме стены
legible-undrawn-help = напишите кириллицей, латиницей или греческими буквами, знаком или эмодзи
legible-undrawn = в шрифтах стены нет знака “{ $character }” (U+{ $code }): вместо него показывается { $sign }
legible-contrast-help = дайте ему другой цвет в `theme.colours`: светлее на тёмном или темнее на светлом
legible-alike = `{ $one }` и `{ $other }` для некоторых глаз — один цвет
legible-alike-help = дайте одному из них другую светлоту или тон в `theme.colours`
legible-contrast = контраст `{ $role }` на `{ $under }` равен { $contrast }:1, а нужен { $least }:1
legible-room = на стене { $wall } панели { $kind } досталось { $width } × { $height } u, а чтобы её прочесть, нужно { $needed_width } × { $needed_height } u
legible-room-help = дайте ей больше столбцов или строк или подойдите ближе: u, самый мелкий текст, который читается с { $metres } м, — { $px } пикс.
preflight-over = на стене { $wall }: на панели { $kind } «{ $one }» и «{ $other }» лежат друг на друге{ $names ->
    [long] , если имена втрое длиннее
   *[other] {""}
}
preflight-out = на стене { $wall }: «{ $words }» выходит за край панели { $kind }{ $names ->
    [long] , если имена втрое длиннее
   *[other] {""}
}
preflight-cut = на стене { $wall }: «{ $words }» обрезано на панели { $kind }
preflight-bezel = на стене { $wall }: «{ $words }» на панели { $kind } лежит на стыке двух экранов
preflight-room-help = дайте панели больше места
preflight-short-help = дайте панели больше места или короткое имя (`short`) тому, что она называет
preflight-bezel-help = сдвиньте край панели к стыку или дайте ей другую ширину
panel-hero-counts = число обращений можно только сосчитать: укажите показатель вроде `resolved`
panel-title-year-text = `year_of` говорит, какой год стоит вместо `{ $year }`: напишите это в `text` на обоих языках
panel-title-year-table = `{ $year }` берётся из таблицы: назовите её в `year_of`
panel-ticker-speed = `speed` — от 1 до 60 знаков в секунду
panel-norm-share = `norm` — к чему должна прийти доля: укажите показатель, имя которого кончается на `-share`
panel-norm-range = `norm` — доля в процентах: от 0 до 100
panel-slides-empty = в показе слайдов есть `pictures`, например [{"{"} file = "one.jpg" {"}"}]
panel-hold-secs = `hold_secs` — от { $least } до 3600
panel-weeks = `weeks` — от 1 до 52
panel-target-range = `target` доли — в процентах: больше 0 и не больше 100
panel-gauge-title = у таблицы нет своего названия: дайте панели `title`
panel-gauge-of = панели нужен `metric` с `target` больше 0 или `dataset` со своим планом
panel-no-icon = значка `{ $icon }` нет: имя — одно из имён значков Phosphor, что идут с программой, например `phone` или `wrench`
panel-no-icon-near = значка `{ $icon }` нет: может быть, `{ $near }`?
panel-text-markdown = у текста в Markdown свой заголовок: уберите `headline`, `body` и `large`
panel-group-one = каждый элемент `panels` — одна панель, например {"{"} clock = {"{}"} {"}"}
panel-group-two = в группе две панели (`panels`) или больше: одной не с кем чередоваться
panel-gathered = `clusters` и `dots` показывают количество: `play`, `beside` и `per` — для `heat`
panel-heat-counts = `{ $code }` не считает обращений: тепло показывает, откуда те, что показатель считает
panel-heat-stock = `{ $code }` — величина на момент: проиграть можно то, что происходит за период
panel-heat-both = тепло или проигрывается (`play`), или сравнивается (`beside`), но не то и другое сразу
panel-heat-play = `play` длится от 2 до 600 секунд (`secs`) и показывает сразу час или больше (`hours`)
panel-qr-text = QR-коду нужен `text`
panel-qr-long = `text` слишком длинный для QR-кода
panel-cell-name = своё название есть только у показателей каталога: дайте ячейке `name`
panel-cell-of = у ячейки либо `metric`, либо `dataset`
panel-cell-period = показателю нужен период `period`, например "today"
panel-cells = показателей в `cells` — от 1 до 8
panel-formula-title = у формулы нет своего названия: дайте панели `title`
panel-no-hours = `{ $code }` не считает того, что случается в какой-то час: напишите `received` или `resolved`
panel-result-of = результату нужен `metric` или поле `field` таблицы `dataset`
panel-flow-same = поток идёт от одного признака к другому: `from` и `to` одинаковы
panel-flow-counts = `{ $code }` не считает обращений: напишите `received` или `in-work`
panel-columns = столбцов в `columns` — от 1 до 8
panel-days = `days` — от 2 до 366
panel-chart-formula = формулу рисуют по дням: дайте графику `days` и стиль не "stacked"
panel-chart-hours = `{ $code }` не считают по часам: дайте графику `days` и стиль не "stacked"
panel-tour-stops = у обзора есть остановки `stops`, например ["region", {"{"} municipality = "..." {"}"}]
panel-tour-secs = обзор стоит не меньше секунды и летит не меньше половины секунды
panel-classes-count = в `classes` от 1 до { $most } границ: больше цветов не различить
panel-classes-ascend = границы `classes` возрастают, например [1, 2, 5]
panel-weight = у гарнитуры есть начертания 400, 500 и 600, а { $weight } нет
panel-no-theme = темы `{ $name }` нет: есть { $known }
panel-formula-ways = в формуле одно из трёх: `add`, `subtract` или `divide`
panel-formula-parts = `{ $way }` берёт столько показателей: { $count ->
    [two] два
   *[other] от двух до четырёх
}
panel-formula-units = у `{ $one }` и `{ $other }` разные единицы: вместе их берёт только `divide`
panel-formula-levels = `{ $level }` — величина на момент, а `{ $flow }` — поток за период: они не складываются, поставьте их рядом
panel-formula-better = напишите `better` или `less_is_better`, но не оба
panel-formula-times = `times` — число больше 0
panel-colour = цвет пишут #RRGGBB или #RRGGBBAA, а не `{ $text }`
site-empty = у площадки есть хотя бы один источник
site-empty-help = добавьте [[source]] с name, kind и url
site-twice = два источника называются `{ $name }`
site-twice-help = дайте каждому источнику своё имя
site-native-region = сервер с собственным API приносит свой регион
site-native-region-help = уберите [region] или дайте его источникам, у которых его нет
site-native-tables = рядом с сервером с собственным API берутся только таблицы
site-native-tables-help = уберите его обращения или другие источники обращений
site-no-region = чьи это обращения?
site-no-region-help = добавьте [region] с name и time_zone, а если есть файл границ — и boundaries
site-zone = часового пояса `{ $zone }` нет
site-zone-help = напишите имя из базы IANA, например Europe/Moscow
site-auth = так не сказать, кто эта стена
site-auth-help = напишите auth = {"{"} bearer = {"{"} env = "NAME" {"}"} {"}"} с именем переменной окружения или {"{"} file = "path" {"}"}; так же basic = {"{"} user, password {"}"} и header = {"{"} name, value {"}"}
site-kind = источника вида `{ $kind }` нет
site-secret = секрет в этом файле называют, но не пишут
site-secret-help = уберите имя и пароль из адреса: auth = {"{"} basic = {"{"} user = "...", password = {"{"} env = "NAME" {"}"} {"}"} {"}"}
site-url = `{ $url }` — не адрес
site-url-help = напишите его целиком, например https://backend.example/api/
site-place = источник читают из одного места
site-place-help = напишите или url, или file
site-range = { $key } = { $value } вне пределов
site-range-help = напишите от { $least } до { $most }
panel-icon-help = имя — одно из имён значков Phosphor, что идут с программой, например `phone` или `wrench`
source-came = пришло    строк: { $rows }, за { $secs } с
source-found = найдено   { $places }
source-found-some = { $place } в { $count } из { $all }
source-not-found = нет       { $places } ни в одной из { $all } строк
source-appeals = обращений { $count }
source-table = таблица   { $name }: записей { $count }
source-first = (первая: { $example })
source-set-aside = пропущено  { $count }: { $reason } { $first }
source-taken = взято     { $count }, но { $reason } { $first }
source-nothing = ничего    не пришло: { $instead }
source-nothing-help = сказано ли в его таблице, где строки?
source-failed = сбой      { $why }
source-none = эта стена не называет источников
source-names = { $file }: дополните имена муниципалитетов, их { $count }
source-cell = { $text }
source-in-work = в работе
source-answered = с ответом
source-not-told = есть ли ответ, неизвестно
source-pixels = { $name }: { $width } × { $height } пикселей
import-reading = читаю { $size } МБ
import-borders = проверяю границы, муниципалитетов { $count }
import-neighbours = ищу общие границы соседей
import-simplifying = упрощаю до { $metres } м
import-read = { $file }: муниципалитетов { $count }, точек { $points }, дуг { $arcs }
import-simplified = {"  "}упрощено до { $metres } м: точек { $points }
import-names = {"  "}имена: { $names }
import-doubt = {"  "}проверьте: { $doubt }
import-done = { $file }: boundaries = "{ $file }" в разделе [region] площадки
import-no-properties = у объектов нет свойств: дайте каждому `name`
import-properties = у объектов есть { $names }: укажите нужное через --name-field
import-nameless = { $file }: ни у одного объекта нет имени; { $help }
import-no-name = у объекта { $number } нет имени: укажите свойство через --name-field
import-same-name = объекты { $one } и { $other } оба называются { $name }
import-border = граница «{ $name }»: { $fault }
import-no-land = у «{ $name }» нет земли
import-alias-open = псевдоним { $alias } = "{ $name }" ещё без муниципалитета
import-alias-wrong = псевдоним { $alias } = "{ $name }" не означает ни одного муниципалитета
import-overlap = «{ $one }» лежит на земле «{ $other }»
help-run-view = Где стеной управляют и где её видно на этой машине; по умолчанию 127.0.0.1:7474
help-run-operation = Как управляют стеной: кому что можно и по каким адресам
help-schedule = Показывает день по расписанию и почему он такой; ввозит встречи
help-schedule-operation = Файл operation.toml
help-schedule-on = День, например 2026-11-20; по умолчанию сегодня
help-schedule-zone = Часовой пояс, если в файле его нет; по умолчанию пояс этой машины
help-schedule-about = День, как он запланирован
help-schedule-import = Записывает встречи из файла iCalendar таблицами [[slot]] в стандартный вывод
help-schedule-import-file = Календарь
help-schedule-import-layout = Что показывать во время встречи: встроенное имя, ИМЯ/ВАРИАНТ или файл
help-schedule-import-rank = Ранг слотов
help-schedule-import-days = Встречи за столько дней, считая с сегодняшнего
help-schedule-import-zone = Часовой пояс стены; по умолчанию пояс этой машины
help-ctl-show-secs = На столько секунд; по умолчанию до следующего слота расписания
help-ctl-show-stays = Пока не отменят
help-ctl-schedule = Показывает, что назначено и почему
help-ctl-skip = Пропускает слот расписания: тот, что идёт, или ближайший
help-ctl-skip-slot = Слот; по умолчанию тот, что показывает расписание
help-ctl-hold = Удерживает слот расписания дольше его времени
help-ctl-hold-secs = На столько секунд; по умолчанию до возврата к расписанию
help-ctl-follow = Возвращает к расписанию: ничего не удержано и не пропущено
help-ctl-tokens = Выдаёт, перечисляет и отзывает ключи тех, кто управляет стеной с других машин
help-ctl-pair = Подключает эту оболочку к стене на другой машине по цифрам, которые стена покажет
help-ctl-pair-name = Как назвать эту оболочку: имя останется в журнале
help-ctl-pairing = Говорит цифры, которые показывает стена, тому, кто её не видит
help-ctl-tokens-list = Перечисляет их, без самих ключей
help-ctl-tokens-add = Выдаёт ключ, например для кнопочного пульта
help-ctl-tokens-name = Чей он: имя останется в журнале
help-ctl-tokens-role = Что по нему можно
help-ctl-tokens-days = Сколько дней он действует
help-ctl-tokens-remove = Отзывает ключ
help-ctl-tokens-id = Его номер из списка
help-journal = Работа с журналом стены
help-journal-verify = Доказывает, что ни одна запись не изменена и не изъята
help-journal-file = Журнал: файл на .journal.sqlite рядом с архивом
help-completions = Печатает дополнение команд для оболочки
help-completions-shell = Оболочка
help-man = Печатает страницу руководства man
help-program = Ведёт видеостену центра управления
help-program-long = Без параметров команды показывается демонстрационная стена: вымышленный регион с годом обращений граждан от встроенного сервера. Коды выхода: 0 — всё хорошо, 1 — ошибка в файле или на сервере, 2 — неверный вызов.
help-run = Показывает стену на каждом экране сеанса
help-render = Рисует то же изображение без экрана, в PNG
help-check = Проверяет файлы стены, макетов, сайта, хода визита и управления
help-outputs = Перечисляет подключённое: разъём, разрешение, частоту, имя по EDID, размеры
help-identify = Крупно показывает на каждом экране его имя, разрешение и испытательную таблицу
help-demo-backend = Отдаёт демонстрационный регион по собственному API
help-region = Работа с регионами
help-source = Работа с источниками данных
help-import = Собирает пакет региона из границ: проверяет их, приводит имена в порядок, упрощает в трёх масштабах без щелей
help-import-file = Границы, GeoJSON
help-import-name-field = Свойство с именами муниципалитетов; по умолчанию `name`, `district` или первый текст
help-import-aliases = Другие имена муниципалитетов: файл TOML со строками вида "Ключи" = "Ключевск"
help-import-out = Пакет
help-source-test = Один раз спрашивает каждый источник файла: что пришло, что разложено по полям, что пропущено и почему
help-source-file = Файл площадки или стены с таблицами [[source]]
help-unknown-names = Записывает имена муниципалитетов, которых нет в регионе, чтобы дополнить их как псевдонимы
help-wall-or-desktop = Файл стены; по умолчанию экраны так, как их расставил рабочий стол
help-layout = Макет: встроенное имя, ИМЯ/ВАРИАНТ или файл; по умолчанию подходящий к форме стены
help-run-sheet = Шаги визита: `governors-visit` или файл; текст ведущего — на странице пульта
help-language = Язык стены
help-run-source = Адрес сервера с собственным API или файл площадки с таблицами [[source]]; по умолчанию те, что в файле стены, иначе встроенный демонстрационный сервер
help-keep = Хранит последние верные данные в этом файле; по умолчанию в папке состояния пользователя, по файлу на площадку
help-no-keep = Ничего не хранит на диске
help-windowed = В окнах, а не во весь экран
help-headless = На невидимых экранах; выбирается само, если экрана нет
help-seed = Начальное число генератора: то же число — тот же регион
help-now = Что показывают часы стены вначале, в виде 2026-11-20T14:05:12+03:00; по умолчанию текущее время
help-seconds = Завершиться через столько секунд
help-wall-or-size = Файл стены; по умолчанию один экран размера --size
help-at = Момент в виде 2026-11-20T14:05:12+03:00; по умолчанию сейчас
help-output = Один экран стены, а не вся она
help-size = Размер стены без файла в пикселях; самый мелкий шрифт — 1/27 её высоты
help-theme = Тема, что бы ни было сказано в файле стены
help-words = Язык надписей
help-condition = С данными в таком состоянии: `stale` — отстают на минуту, `old` — на часы, `lost` — сервер пропал, `empty` — у сервера ничего нет, `long` — все имена втрое длиннее
help-frames = Число кадров; файлы нумеруются
help-every = Время между кадрами
help-png = Файл PNG
help-check-files = Файлы стены, макетов, сайта, хода визита и управления; читаются ли макеты, проверяется на стенах среди них
help-check-format = Как писать ошибки
help-format-text = Для людей: со строкой и тем, что написать
help-format-json = Для программ: один массив JSON
help-listen = Где слушать
help-life-seed = Начальное число генератора: то же число — те же данные
help-demo-now = Что показывают его часы вначале
help-speed = Сколько секунд проходит за каждую секунду
help-help = Показать справку
help-version = Показать версию
help-usage = Использование
help-commands = Команды
help-arguments = Аргументы
help-options = Ключи
help-default = по умолчанию { $value }
help-values = одно из { $values }
fault-other-kind = { $kind ->
    [run-sheet] это сценарий визита: его передают через `--run-sheet`
    [layout] это макет: его передают через `--layout`
    [wall] это стена: её передают через `--wall`
   *[source] это площадка: её передают через `--source`
}

# What errors and rows say.
error-rows-over = строк больше, чем разрешает most_rows
error-part-no-json = часть ответа — не JSON: она пропущена
error-two-pages = строки пришли на двух страницах: каждая взята один раз
error-key-again = тот же ключ встречается дальше ещё раз: считается последняя строка
error-no-sector-named = в `sectors` нет сферы для этой услуги
error-in-future = время поступления в будущем: не в другом ли часовом поясе даны времена?
error-outside = место вне региона
error-no-place = места нет
error-topics-over = тем больше, чем помещается на стене: тема неизвестна
error-sectors-over = сфер больше, чем помещается на стене: сфера неизвестна
error-executors-over = исполнителей больше, чем помещается на стене: исполнитель неизвестен
error-channels-over = каналов больше, чем помещается на стене: канал неизвестен
error-not-among-boundaries = муниципалитета нет среди границ: какой это, можно сказать в `aliases` раздела [region]
error-no-time = время не читается: показывается без времени
error-no-title = нет ни заголовка, ни текста
error-above-headings = над заголовками есть строки: они пропущены
error-open-quote = кавычка не закрыта: строка прочитана отдельно
error-histogram = гистограмма — не число: запросите `histogram_quantile(0.5, …)` от неё
error-cells = ячеек не столько, сколько заголовков
error-sum = это сумма других строк
error-link = ссылку не открыть: { $why }
error-area-unread = одна из территорий не читается: на карте её нет
error-area-none = у одной из территорий нет ни контура, ни круга: на карте её нет
error-no-such-kind = в `{ $place }` стоит не { $kind }
error-status = статус «{ $status }» неизвестен: что он значит, можно сказать в `statuses`
error-not-feature = не объект GeoJSON
error-not-geometry = такой геометрии в GeoJSON нет
error-line = это линия: карта показывает точки и территории
error-not-degrees = координаты — не долгота и широта в градусах
error-no-geometry = нет геометрии: на карте не показать
error-ignores-dates = сервер не учитывает `start_date` и `end_date`: известен лишь один его ответ
error-beside-native = регион даёт собственный API: рядом с ним берутся только таблицы
error-not-object = не объект JSON
error-no-receipt = нет времени поступления
error-receipt-unread = время поступления не читается
error-receipt-format = время поступления не читается: как оно записано, можно сказать в `time_format`
error-no-identifier = нет идентификатора
error-before-1970 = время поступления раньше 1970 года
error-received-in-future = поступило в будущем
error-not-actual = не настоящее оповещение
error-not-public = не для населения
error-cancelled = отменено
error-answer-to-other = ответ на другое сообщение
error-cancelled-later = отменено или обновлено более поздним сообщением
error-no-info = внутри нет сведений (info)
error-heading-named-twice = названный заголовок встречается дважды: взят первый столбец
error-heading-twice = заголовок встречается дважды: второй столбец пронумерован
error-not-number = не число ({ $found })
error-row = строка { $number }
error-line-number = строка { $number }
error-no-file = такого файла или папки нет
error-no-permission = нет прав
error-is-folder = это папка, а не файл
error-not-folder = это не папка
error-disk-full = на диске нет места
error-read-only = файловая система только для чтения
error-address-used = адрес уже занят
error-address-none = такого адреса у этого компьютера нет
error-connection-refused = соединение отклонено: сервер не слушает
error-connection-reset = сервер оборвал соединение
error-no-route = до сервера нет пути
error-unreachable = сеть недоступна
error-connect-time = сервер не отвечает на соединение
error-answered = { $url } отвечает { $status }
error-who-asks = сервер хочет знать, кто спрашивает: скажите это через `auth`
error-not-let-in = с этим `auth` сервер не пускает
error-not-found = весь ли адрес API стоит в `url`?
error-not-listened = слушать на { $address } нельзя
error-unreadable-file = { $file } не читается
error-unwritable = записать { $file } нельзя
error-not-written = в { $file } не то, что было записано
error-unreadable-content = в { $file } есть то, что не читается: { $what }
error-foreign-archive = { $file } — не архив «Обзора», он не тронут: укажите другой файл через --keep
error-later-archive = { $file } записан более новой версией «Обзора» (вид { $found }, эта знает { $known }): укажите другой файл через --keep
error-archive-folder = { $file }: { $why }; укажите через --keep папку, в которую стена может писать, или --no-keep
error-archive-full = диск полон или архив достиг предела: освободите место
error-archive-read-only = укажите через --keep папку, в которую стена может писать, или --no-keep
error-disk-failing = возможно, диск неисправен
error-no-room = { $layout }: ни для одной панели из { $kinds } на этой стене нет места: нужна стена больше или панелей меньше
error-no-path = { $url }: такого пути нет
error-xml-kind = XML (KML или GML)
error-units = у `{ $one }` и `{ $other }` разные единицы: вместе их берёт только `divide`
error-level-and-flow = `{ $one }` — остаток на момент, а `{ $other }` — поток за период: они не складываются; поставьте их рядом
error-no-number-there = `{ $metric }` здесь не число
error-jsonpath-such = `{ $path }` — не JSONPath вида $.data[*]: { $why }
error-jsonpath = `{ $path }` — не JSONPath: { $why }
error-takes-metrics = `{ $part }` берёт показатели числом { $count }
error-two = два
error-two-to-four = от двух до четырёх
error-due-days = `due_days` — от 0.01 до 3650
error-fields-of-table = `fields` — поля таблицы: назовите её в `dataset`
error-time-format = из `time_format` = "{ $format }" даты не выходит: напишите в виде "%d %b %Y %H:%M" (буквы strftime)
error-times = `times` — число больше 0
error-one-of-formula = в формуле одно из `add`, `subtract` и `divide`
error-not-list-of-texts = ожидался список текстов
error-part-failed = часть программы вышла из строя
error-token = знак ещё без идентификатора
error-web-page = веб-страница
error-page-for-table = вместо таблицы пришла веб-страница
error-page-for-news = вместо новостей пришла веб-страница: это адрес ленты?
error-page-for-requests = вместо обращений пришла веб-страница: это адрес API?
error-error-for-requests = вместо обращений пришла ошибка: { $what }
error-event-long = событие длиннее { $limit } байт
error-no-stream = ожидался поток событий, а пришло `{ $kind }`
error-side = сторона — от 64 до 16384 пикселей
error-nested = вложенность элементов больше { $limit }
error-coordinate = объект { $feature }: координата { $lon }, { $lat } — не долгота и широта в градусах: преобразуйте файл, например командой `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`
error-tiles = в нём тайлы { $kind }: подложка делается из векторных тайлов (MVT) в схеме Protomaps
error-unreadable = не читается: { $why }
error-cells-over = ячеек больше { $limit }
error-elements-over = элементов больше { $limit }
error-broken = файл испорчен: { $why }
error-no-plain-file = это не файл
error-encoding = это не UTF-8, а, похоже, { $encoding }: сохраните в UTF-8, например командой `iconv -f { $from } -t UTF-8`
error-picture-large = изображение слишком велико: сторона не больше { $pixels } пикселей, в памяти не больше 256 МиБ; уменьшите его
error-other-system = координаты в { $system }, а не в градусах долготы и широты (WGS 84): преобразуйте файл, например командой `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`
error-disk-silent = диск не отвечает
error-columns-over = в заголовке столбцов { $count }: читается не больше { $limit }
error-loading-cut = загрузка прервана
error-longer = длиннее { $limit } байт
error-sources-over = источников больше 256
error-no-feed = ни RSS, ни Atom: { $why }
error-rows-of-what = ни `appeal`, ни `dataset` не говорит, что это за строки: разложите их по полям обращений или назовите таблицу
error-no-cap-feed = ни оповещение CAP, ни лента оповещений
error-no-cap = это не оповещение CAP
error-no-vulkan = нет устройства Vulkan: установите драйвер (в Debian: mesa-vulkan-drivers и libvulkan1); { $why }
error-no-column = нет столбца `{ $name }`; { $help }
error-no-data = нет данных от { $source }
error-no-data-yet = ещё не пришли данные, из которых видно, где это
error-no-display = нет экрана
error-no-display-start = нет экрана: запустите с --headless
error-no-element = внутри нет ни одного элемента
error-no-features = объектов нет: GeoJSON — это FeatureCollection, Feature или массив таких объектов
error-no-port = на loopback нет свободного порта
error-no-output = экрана нет
error-no-polygon = контуров нет: региону нужен хотя бы один муниципалитет с границей
error-no-surface = у окна нет поверхности: { $why }
error-no-thread = для данных не создать потока
error-nobody-listens = никто не слушает
error-not-json = это не JSON: { $why }
error-not-xml = это не XML, байт { $at }: { $why }
error-not-pmtiles = это не архив PMTiles версии 3: { $why }
error-silent = ничего не слышно уже { $time }
error-nothing-painted = ничего не нарисовано
error-png = изображение — файл PNG: напишите имя с окончанием .png
error-broken-inside = чтение не удалось внутри программы: где, сказано в журнале
error-short-picture = изображение неполно
error-gpu-no-device = драйвер видеокарты не дал устройства: { $why }
error-values-over = в ответе больше { $limit } значений: запрашивайте страницы меньше или увеличьте `max_mib`
error-answer-long = ответ длиннее { $limit } байт
error-stream-closed = сервер закрыл поток
error-column-length = в столбце `{ $column }` значений { $found }, а в `id` — { $expected }
error-no-endpoint = в описании сервиса нет адреса
error-display-broke = связь с экраном прервана
error-breaks-off = документ обрывается
error-no-variable = переменная окружения { $name } не задана
error-empty = файл пуст
error-no-runtime = сетевая часть не запускается
error-picture-undecoded = изображение не раскодировать
error-gpu-read = изображение не прочитать с видеокарты: { $why }
error-torn = изображение оборвано: нет конца
error-secret-file = файл секрета { $file }: { $why }
error-steps = шаги — от 1 до { $count }
error-surface-format = у поверхности нет простого формата в восемь бит на цвет
error-table-cells = в таблице ячеек { $count }, а панели показывают не больше { $limit }: уберите строки или столбцы либо читайте её как обращения
error-wall-no-output = у стены нет экрана `{ $name }`; { $help }
error-no-numbered = { $kind } { $number }: такого нет, всего { $count }, первое — 0
error-no-session = нет сеанса с экранами, чтобы показать имена: запустите внутри него или задайте WAYLAND_DISPLAY или DISPLAY
error-no-layout = макета `{ $name }` нет; { $help }
error-no-municipality = муниципалитета `{ $name }` нет; { $help }
error-no-run-sheet = сценария визита `{ $name }` нет; { $help }
error-topojson = это TopoJSON: преобразуйте его, например командой `npx topo2geo OBJECT=out.geojson < in.topojson`
error-not-geojson = это { $kind }, а не GeoJSON
error-not-picture = это { $kind }: изображения — PNG или JPEG
error-excel = это книга Excel (xlsx): сохраните её как CSV
error-wall-no-run-sheet = эта стена показывает не сценарий визита
error-unknown-field = неизвестное поле
error-api-version = версия API { $found }, а эта стена говорит на { $known }
error-write-size = напишите ШИРИНАxВЫСОТА, например 3840x1080
error-write-moment = напишите дату, время и смещение, например 2026-11-20T14:05:12+03:00
error-write-source = напишите адрес, который начинается с http:// или https://, или файл с окончанием .toml
error-better-twice = напишите одно из `better` и `less_is_better`
error-run-sheet = сценарий визита
error-kind-time = время: как оно записано, можно сказать в `time_format`
error-kind-number = число
error-timeout = сервер не ответил в срок
error-request = запрос не отправлен
error-connect = не удалось соединиться
error-connect-tcp = TCP не соединяется
error-dns = имя сервера не найдено
error-feature-left = объект { $number }, { $name }: { $why }
error-feature-no-geometry = без геометрии, пропущен
error-feature-line = линия без `layer` рек или дорог, пропущена
error-feature-point = точка без `layer` населённых пунктов, пропущена
error-feature-no-polygon = без контура, пропущен
error-feature-no-land = без земли, пропущен
error-feature-points = есть точки без координат, они пропущены
error-feature-ring = есть кольцо менее чем из трёх точек, оно пропущено
error-empty-object = пустой объект
error-object-with = объект с { $keys }
error-list-of = список из { $count }
error-single = одно значение
error-finds-no-rows = `{ $items }` не находит строк; ответ — { $outline }
error-no-entries = в ленте сейчас нет записей
error-query-text = `{ $query }` отвечает текстом, числа в нём нет
error-query-nothing = `{ $query }` сейчас не находит рядов
error-ring-points = { $ring }: нужны хотя бы три разные точки
error-ring-crosses = { $ring } пересекает само себя
error-ring-outside = { $ring } выходит за внешнее кольцо
error-rings-on-line = { $one } и { $other } пересекаются по линии
error-rings-on-area = { $one } и { $other } пересекаются по площади
error-polygon-invalid = контур { $index }: { $why }
error-polygons-overlap = контуры { $one } и { $other } лежат друг на друге
error-polygons-touch = контуры { $one } и { $other } касаются по линии
error-ring-exterior = внешнее кольцо
error-ring-interior = внутреннее кольцо { $index }
error-not-allowed = роль { $role } этого не может: нужна { $least }
error-changed = стена с тех пор изменилась: её версия — { $version }
error-nothing-by-hand = вручную ничего не показано
error-no-such-time = макет показывают от 1 секунды до 30 дней
error-no-stack = заявки не составляют стопку с одной основной
error-no-journal-thread = для журнала не создать потока
error-record-missing = записи { $number } нет
error-record-changed = запись { $number } не та, что была сделана
error-journal-foreign = { $file } — не журнал этой версии «Обзора», он не тронут: укажите другой файл через --keep
error-journal-closed = журнал закрыт
error-no-wall = { $address } — не стена
error-wall-refused = стена отказала

# The tablet, filled in by its page: arguments stand as { $name }, and nothing else does.
tablet-title = Обзор: пульт
tablet-tabs = Разделы
tablet-tab-wall = Стена
tablet-tab-layouts = Макеты
tablet-tab-maps = Карта
tablet-tab-schedule = Расписание
tablet-schedule-nothing = ничего не назначено
tablet-schedule-none-now = Сейчас ничего не назначено
tablet-schedule-now = По расписанию: { $slot }
tablet-schedule-now-until = По расписанию: { $slot }, до { $time }
tablet-schedule-next = По расписанию в { $time }: { $slot }
tablet-schedule-held = Удержано: { $slot } ({ $by }: { $reason })
tablet-schedule-left-out = Пропускается: { $slot } с { $time } ({ $by }: { $reason })
tablet-schedule-reason = Почему меняете расписание
tablet-schedule-why = Скажите почему, и кнопки станут доступны
tablet-schedule-hold = Удержать «{ $slot }»
tablet-schedule-skip = Пропустить «{ $slot }»
tablet-schedule-skip-next = Пропустить следующий: «{ $slot }»
tablet-schedule-follow = Вернуться к расписанию
tablet-schedule-conditional = Поверх этого, пока выполнено условие
tablet-schedule-holds = идёт сейчас
tablet-schedule-holds-not = не выполнено
tablet-reason-meeting = Совещание
tablet-reason-guests = Гости
tablet-reason-works = Работы
tablet-stays = Держать, пока не сниму (иначе до следующего по расписанию)
tablet-tab-alarms = Тревоги
tablet-alarms-flood = Лавина тревог: стену не занимают, пока их не станет меньше
tablet-alarms-no-rules = Правил нет
tablet-alarm-reason = Почему откладываете тревогу
tablet-alarm-since = с { $time }
tablet-alarm-taken = принял { $by } в { $time }
tablet-alarm-shelved = отложил { $by } до { $time }: { $reason }
tablet-alarm-unknown = нет данных: неизвестно
tablet-alarm-normal = норма
tablet-alarm-pending = поднимается
tablet-alarm-unacknowledged = никто не принял
tablet-alarm-acknowledged = принята
tablet-alarm-returned = прошла, никто не принимал
tablet-alarm-first = поднялась первой
tablet-alarm-action = Что делать: { $action }
tablet-alarm-take = Принять
tablet-alarm-unshelve = Вернуть
tablet-alarm-shelve-hour = Отложить на час
tablet-alarm-shelve-shift = На 8 часов
tablet-priority-high = высокий приоритет
tablet-priority-middle = средний приоритет
tablet-priority-low = низкий приоритет
tablet-tab-visit = Визит
tablet-tab-outputs = Экраны
tablet-tab-data = Данные
tablet-on-air = На стене: { $layout }
tablet-pressed-title = На стене только общедоступное
tablet-press = Скрыть от прессы
tablet-press-long = Скрыть от прессы всё, что не для всех
tablet-release = Удерживайте, чтобы показать
tablet-release-long = Удерживайте, чтобы показать снова всё
tablet-back = Снять показанное вручную
tablet-undo = Отменить
tablet-done-under = Принято, но на стене пока другое: см. строку вверху
tablet-health-old = Данные устарели: { $count }
tablet-health-dark = Не светятся экраны: { $count }
tablet-done = Выполнено
tablet-refused = Стена отказала: { $why }
tablet-not-shown = Стена ещё не показала этого
tablet-lost = Стена не отвечает
tablet-lost-since = Стена не отвечает с { $time }
tablet-no-picture = Картинки сейчас нет
tablet-wall-picture = Стена, как она есть сейчас
tablet-search-layouts = Найти макет
tablet-search-maps = Найти муниципалитет
tablet-nothing-found = Ничего не найдено
tablet-presets = { $layout }: варианты
tablet-home = Исходный вид
tablet-region = Вся область
tablet-warnings = Ранние сигналы
tablet-no-warnings = Сигналов нет
tablet-warning-note = Обращений: { $count } за { $hours } ч, обычно { $expected }
tablet-no-data = Данных ещё нет
tablet-step = Шаг { $step } из { $steps }
tablet-left = осталось { $time }
tablet-over = шаг затянулся на { $time }
tablet-behind = отстаём на { $time }
tablet-ahead = опережаем на { $time }
tablet-on-time = идём по плану
tablet-visit-ends = Закончим в { $expected }, по плану в { $planned }
tablet-catch-up = Догнать { $time }: { $what }
tablet-catch-up-skip = пропустить { $steps }
tablet-catch-up-shorten = { $step } сократить до { $time }
tablet-as-rehearsed = Как на репетиции (сейчас: { $what })
tablet-detour-search = Показать муниципалитет: три буквы названия
tablet-detour-show = Показать на стене: { $name }
tablet-detour-back = Вернуться к шагу
tablet-detour-now = Визит отошёл в сторону: шаг { $step } «{ $title }» ждёт, его время стоит
tablet-then = Дальше: { $title }
tablet-last-step = Это последний шаг
tablet-previous = Предыдущий шаг
tablet-forward = Следующий шаг
tablet-names-on = Показать имена экранов
tablet-names-off = Убрать имена экранов
tablet-output-picture = Экран { $name }
tablet-output-dark = ничего не показывает: проверьте питание и кабель
tablet-source-well = «{ $name }»: всё в порядке
tablet-source-well-note = данные на { $time }
tablet-source-old = «{ $name }»: данные от { $time }
tablet-source-old-help = источник отвечает, но нового не присылает: спросите тех, кто его ведёт
tablet-source-lost = «{ $name }» не отвечает с { $time }
tablet-source-lost-help = проверьте сеть и сам источник; стена показывает последние данные и спрашивает снова сама
tablet-source-none = «{ $name }»: данных ещё не было
tablet-source-none-help = если это дольше минуты, сообщите администратору
tablet-health-alarms = Тревоги ждут ответа: { $count }
tablet-health-well = Всё работает
tablet-health-lost = Не отвечают источники: { $count }
tablet-no-outputs = Ни один экран не светится
tablet-me = Вы: { $name }, { $role }
tablet-role-viewer = только смотрит
tablet-role-speaker = ведущий
tablet-role-operator = оператор
tablet-role-editor = редактор
tablet-role-admin = администратор
tablet-other-language = In English
tablet-pair-title = Подключить пульт к стене
tablet-pair-text = Назовите этот пульт. На стене на две минуты появятся шесть цифр.
tablet-pair-read = Цифры на стене. Прочтите их и введите.
tablet-pair-name = Как назвать пульт
tablet-pair-default = Пульт
tablet-pair-ask = Показать цифры на стене
tablet-pair-digits = Шесть цифр со стены
tablet-pair-answer = Подключить
tablet-pair-fingerprint = На стене под цифрами должно стоять то же: { $digits }
tablet-pair-wrong = Цифры не подошли, или подключение пультов выключено. Посмотрите на стену ещё раз.
tablet-pair-ended = Время вышло или попыток больше нет. Попросите цифры снова.
tablet-pair-later = Сейчас подключается другой пульт. Подождите немного.

ctl-pair-compare = На стене под цифрами должно стоять то же: { $digits }
ctl-pair-digits = Шесть цифр со стены:
ctl-paired = Подключено. Ключ в файле { $file }
ctl-pairing = { $digits }, для «{ $name }»
ctl-no-pairing = Никто не подключается.
ctl-token = Ключ, показан один раз, действует до { $until }:
journal-whole = Журнал цел: записей { $records }, первая под номером { $first }
journal-broken = { $file }: { $why }

error-no-free-gpu = нет свободного видеоускорителя, чтобы нарисовать
error-pair-first = сначала подключитесь к этой стене: obzor ctl --wall АДРЕС pair
error-no-icalendar = это не файл iCalendar: { $why }
error-no-schedule = у этой стены нет расписания
error-no-slot = нет слота `{ $name }`; { $help }
error-nothing-scheduled = по расписанию нет ничего, с чем это можно сделать
error-no-reason = скажите почему: нет `reason`
error-date = напишите день, например 2026-11-20
error-time-zone = напишите часовой пояс по базе IANA, например Europe/Moscow
error-meeting-begin = у неё нет начала
error-meeting-end = у неё нет конца
error-meeting-long = она длится дольше суток или нисколько
error-meeting-zone = её часового пояса или такого часа нет
error-meeting-duration = её DURATION не читается
error-is-held = этот слот удерживают: `follow` отпускает его
error-not-elsewhere = визит на своём шаге
error-view-loopback = --view — адрес только этой машины: с других стеной управляют по TLS, это `listen` в [control] файла --operation
error-not-served = стену нельзя открыть для управления: выберите другой адрес
error-no-pairing-began = стена не начала подключение
error-no-token = стена не дала ключа
error-no-authority = у центра сертификации стены нет сертификата
error-no-config-folder = ни XDG_CONFIG_HOME, ни HOME не говорят, где хранить ключ
error-no-address = нет адреса

# The command line, where it is wrong.
error = ошибка: { $what }
usage-error = ошибка: { $what }
usage-more = Подробнее — с ключом --help
usage-no-value = у `{ $argument }` нет значения
usage-other-value = `{ $value }` не годится для `{ $argument }`: это одно из { $values }
usage-wrong-value = `{ $value }` не годится для `{ $argument }`: { $why }
usage-unknown-argument = аргумента `{ $argument }` нет
usage-unknown-command = команды `{ $command }` нет
usage-no-command = не названа команда
usage-missing = не хватает: { $arguments }
usage-twice = `{ $argument }` задан дважды
usage-conflict = `{ $argument }` и `{ $other }` вместе не задаются
help-command-place = КОМАНДА
help-options-place = [КЛЮЧИ]
place-file = ФАЙЛ
place-name = ИМЯ
place-address = АДРЕС
place-url = АДРЕС
place-time = ВРЕМЯ
place-seconds = СЕКУНДЫ
place-number = ЧИСЛО
place-times = РАЗ
place-size = ШИРИНАxВЫСОТА
place-condition = СОСТОЯНИЕ
place-field = СВОЙСТВО
place-language = ЯЗЫК
place-seed = ЧИСЛО
place-theme = ТЕМА
place-format = ФОРМАТ

# What the program says as it runs.
outputs-none = нет сеанса с экранами, и ни один экран не подключён
outputs-no-edid = без EDID
demo-served = Демонстрационный регион: http://{ $address }/v1/region (API: /openapi.json)
saved-run-sheet-stays = сценарий визита остаётся прежним
saved-operation-stays = порядок управления остаётся прежним
saved-wall-stays = стена остаётся прежней
saved-layout-stays = макет остаётся прежним
served-view = Пульт и стена на этой машине: http://{ $address }/
served-tablet = Пульт для планшета: { $link }

# Why something is on the wall.
by-start = при запуске
by-keyboard = клавиатура
by-loopback = эта машина
by-socket = администратор на этой машине
by-file = сохранён файл
by-run-sheet = по времени
by-clock = по часам
plan-every-day = каждый день
plan-workday = рабочий день
plan-weekend = выходной
plan-holiday = праздник
plan-moved = рабочий день (перенесён)
plan-weekday = по дню недели
plan-dated = по дате
plan-nothing = ничего не назначено
plan-no-slot = —
plan-over = {"; поверх: "}{ $names }
plan-skipped = {"; пропущено по просьбе"}
plan-conditional = Поверх этого, пока выполнено условие:
plan-holds = {" — выполнено сейчас"}
by-schedule = расписание
alarm-same-name = две [[alarm]] называются `{ $name }`
alarm-same-name-help = дайте каждой своё имя: по нему тревогу принимают и откладывают
alarm-no-name = у [[alarm]] нет имени
alarm-no-name-help = напишите name, например name = "отопление"
alarm-no-action = не сказано, что делать: без действия это не тревога
alarm-no-action-help = напишите action = {"{"} ru = "Позвонить в ЕДДС, 112", en = "Call the duty desk, 112" {"}"}
alarm-for-secs = тревога ждёт по `after_secs`, а не по `for_secs` в `when`
alarm-for-secs-help = напишите after_secs = 120 рядом с `when`
alarm-secs = столько тревога ждать не может, или повторяется слишком часто
alarm-secs-help = after_secs и clear_after_secs — от 0 до 86400, repeat_after_secs — от 60 до 86400
alarm-no-data = no_data = "alarm" требует after_secs не меньше 60: стена, которую только что запустили, ещё ничего не знает
alarm-no-data-help = напишите after_secs = 120 или уберите no_data
alarm-takeover-secs = столько тревога занимать стену не может
alarm-takeover-secs-help = напишите at_most_secs от 10 до 28800
alarm-no-takeover = тревога приоритета `high` занимает стену, а чем — не сказано: нет `takeover`
alarm-no-takeover-help = напишите takeover = {"{"} layout = "alarms" {"}"} или priority = "middle"
alarm-takeover = стену занимает только тревога приоритета `high`
alarm-takeover-help = напишите priority = "high" или уберите takeover
alarm-notify = нет [[notify]] `{ $name }`
notify-name = у [[notify]] должно быть своё имя: `{ $name }`
notify-name-help = напишите name = "дежурный", каждое имя один раз
notify-way = неясно, как сообщать
notify-way-help = напишите одно из: webhook = {"{"} url = "https://…", secret = {"{"} env = "ИМЯ" {"}"} {"}"}; email = {"{"} server = "smtps://mail", from = "…", to = ["…"] {"}"}; command = ["/usr/local/bin/call"]
alarms-title = Тревоги
alarms-none = Тревог нет
alarms-no-rules = Правил тревог нет
alarms-blind = Нет данных для правил: { $names }
alarms-waiting = { $count ->
     [one] { $count } ждёт ответа
     [few] { $count } ждут ответа
    *[many] { $count } ждут ответа
}
alarms-since = с { $time }
alarms-first = {" · первая"}
alarms-more = ещё { $count }
alarms-nobody = никто не принял
alarms-taken = { $by }, с { $time }
alarms-shelved = отложил { $by } до { $time }
alarms-returned = прошла сама
alarms-flood = Лавина тревог
alarms-flood-action = Смотрите планшет: тревог больше, чем можно показать
alarm-stands-normal = норма
alarm-stands-pending = поднимается
alarm-stands-unacknowledged = СТОИТ, никто не принял,
alarm-stands-acknowledged = стоит, принята
alarm-stands-returned = прошла, никто не принимал
alarm-stands-unknown = неизвестно: нет данных
ctl-shelved = отложил { $by } до { $time }: { $reason }
notice-rose = Тревога: { $title } ({ $wall })
notice-repeated = Всё ещё: { $title } ({ $wall })
notice-cleared = Прошло: { $title } ({ $wall })
notice-test = Проба: { $title } ({ $wall })
notice-action = Что делать: { $action }
notice-test-title = Проверяем, доходит ли это
notice-test-because = Ничего не случилось
notice-test-action = Ничего
alarms-test-heard = `{ $name }`: дошло
alarms-test-not-heard = `{ $name }`: не дошло: { $why }
alarms-try-machine = это следит за машиной: её истории здесь нет, дайте --journal ФАЙЛ
alarms-try-nothing = отсчётов нет
alarms-try-found = за { $days } дн. поднялась бы { $rises } раз, { $rate } в день; стена занята { $minutes } мин; дребезг { $chatter }; разбужено ночей { $nights }
alarms-try-unknown = { $share } % времени число было неизвестно
alarms-try-bursts = из известных всплесков ({ $bursts }) замечено { $seen }, пропущено { $missed }, половина — не позже { $median } мин; подъёмов без всплеска { $vain }
alarms-try-proposal = лучше: above = { $above }, clear = { $clear }
alarms-try-no-proposal = ни один порог не даёт меньше двух подъёмов в день без дребезга: попробуйте больший after_secs
by-alarm = тревога
layout-alarms = Тревоги
help-alarms = Проверяет правила тревог на истории и тех, кому сообщают
help-alarms-try = Прогоняет правила файла по истории: как часто каждое поднялось бы и что было бы лучше
help-alarms-try-days = За столько последних дней
help-alarms-try-every = Взгляд на данные раз в столько секунд
help-alarms-try-journal = История, которую записала стена: её журнал; по умолчанию история демонстрационной области
help-alarms-test = Сообщает о пробе один раз и говорит, дошло ли
help-alarms-test-name = Кому сообщить: имя [[notify]]
help-ctl-alarms = Перечисляет тревоги
help-ctl-ack = Принимает тревогу: стену она отдаёт, но стоит дальше
help-ctl-ack-alarm = Имя её правила
help-ctl-shelve = Откладывает тревогу: она никого не беспокоит
help-ctl-shelve-secs = На столько секунд: от минуты до восьми часов
help-ctl-unshelve = Возвращает отложенную тревогу
place-alarm = ТРЕВОГА
error-no-alarm = нет тревоги `{ $name }`; { $help }
error-nothing-to-acknowledge = эту тревогу не нужно принимать
error-no-such-shelf = тревогу откладывают на время от 60 секунд до 8 часов
error-not-shelved = эта тревога не отложена
error-notice-no-answer = ответа нет
error-notice-answer = ответ: { $status }
error-notice-start = программа не запускается: { $why }
error-notice-ended = программа закончилась ({ $status }): { $why }
error-no-alarms-in = в { $file } нет ни одной [[alarm]]
error-no-notify = нет [[notify]] `{ $name }`; { $help }
why-default = По умолчанию
why-schedule = По расписанию
why-visit = Шаг визита
why-hand = Показано вручную
why-alarm = Тревога
why-press = Нажата клавиша прессы
why-shows = { $what }: «{ $layout }»
why-by = {" "}({ $by }, с { $time })
why-step = , «{ $reason }»
why-reason = , потому что: { $reason }
why-until = , до { $time }
why-next = Под этим: { $what }

# `obzor ctl`.
help-ctl = Управляет работающей стеной
help-ctl-wall = Адрес или сокет стены; по умолчанию стена этой машины
help-ctl-json = Ответы как есть, в JSON
help-ctl-state = Говорит, что на стене
help-ctl-why = Говорит, почему это на стене и что потом
help-ctl-show = Показывает макет вручную
help-ctl-layout = Макет: встроенное имя, ИМЯ/ВАРИАНТ или файл на компьютере стены
help-ctl-look-at = Муниципалитет, на который смотрят его карты
help-ctl-reason = Почему, для журнала
help-ctl-back = Отзывает показанное вручную
help-ctl-next = Следующий шаг визита
help-ctl-previous = Предыдущий шаг визита
help-ctl-look = Наводит карты на муниципалитет или на `home`, `region`
help-ctl-where = Куда
help-ctl-press = Прячет всё, что не для всех: в зале пресса
help-ctl-release = Снова показывает всё
help-ctl-identify = Показывает имена экранов
help-ctl-off = Прячет их
help-ctl-journal = Последние распоряжения, новые впереди
help-ctl-limit = Не больше стольких
ctl-refused = отклонено: { $why }
place-date = ДЕНЬ
place-zone = ПОЯС
place-slot = СЛОТ
place-ics = ФАЙЛ.ics
meetings-found = Встреч за ближайшие дни ({ $days }): { $count }; добавьте таблицы в operation.toml
place-role = РОЛЬ
place-id = НОМЕР
place-shell = ОБОЛОЧКА
place-text = ТЕКСТ
