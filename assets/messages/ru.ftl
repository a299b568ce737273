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
stamp-waiting = ждём данные

demo = демоданные
demo-short = демо
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
ranking-empty = Сравнивать нечего: обращений нет
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
layout-no-room = На этой стене ни одна панель макета «{ $layout }» не помещается так, чтобы её можно было прочесть: нужен экран больше или макет проще
gauge-without = { $count ->
    [one] без { $count } строки
   *[other] без { $count } строк
 }
