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
metric-rating = Оценка жителей

period-now = сейчас
period-today = сегодня
period-24-hours = за 24 часа
period-7-days = за 7 дней
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
feed-rate = { $count ->
    [one] { $count } за минуту
    [few] { $count } за минуту
   *[many] { $count } за минуту
 }
feed-empty = Новых обращений нет
age-seconds = { $count } с
age-minutes = { $count } мин
age-hours = { $count } ч
map-title = Где обращаются
map-key = новые, 1 мин
map-empty = обращений нет
map-legend = на км² за 24 часа
chart-empty-days = Обращений нет
chart-empty = За сутки обращений нет
hours-title = По часам
hours-in = в { $hour } ч
ranking-empty = Сравнивать нечего: обращений нет
ranking-places = места за неделю
region-waiting = Ждём данные региона
