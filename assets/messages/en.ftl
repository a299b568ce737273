metric-received = Received
metric-resolved = Resolved
metric-in-work = In work
metric-overdue = Overdue
metric-overdue-share = Overdue share
metric-postponed = Postponed
metric-repeats = Repeats
metric-repeat-share = Repeat share
metric-first-reply-hours = First reply
metric-resolution-days = Time to resolve
metric-accepted-share = Accepted
metric-received-per-thousand = Per 1,000 residents
metric-in-work-per-thousand = In work per 1,000
metric-postponed-share = Share postponed
metric-moves = Postponements
metric-first-reply-mean-hours = First reply
metric-first-reply-p90-hours = First reply, 90%
metric-resolution-mean-days = Resolved in
metric-resolution-p90-days = Resolved in, 90%
metric-closed-late = Closed late
metric-on-time-share = Resolved on time
metric-accepted = Confirmed
metric-rating = Rating

period-now = now
period-today = today
period-24-hours = in 24 hours
period-7-days = past 7 days
period-yesterday = yesterday
period-week = this week
period-month = this month
period-quarter = this quarter
period-year = this year
period-90-days = in 90 days
period-365-days = in 365 days
period-30-days = in 30 days
period-median = median, { $period ->
    [last-today] today
    [last-24-hours] 24 h
    [last-7-days] 7 days
    [last-30-days] 30 days
   *[last-now] now
 }

unit-hours = { $count ->
    [one] hour
   *[other] hours
 }
unit-days = { $count ->
    [one] day
   *[other] days
 }
percentage-points = pp

stamp-live = data as of { $time }
stamp-live-short = as of { $time }
stamp-stale = { $minutes ->
    [0] under a minute ago
    [one] { $minutes } minute ago
   *[other] { $minutes } minutes ago
 }
stamp-old = data from { $time }
stamp-lost = no connection since { $time }
stamp-waiting = waiting for data

demo = demo data
demo-short = demo
key-today = today
feed-title = New appeals
feed-table-title = Messages
feed-rate = { $count } per minute
feed-rate-hour = { $count } per hour
feed-empty = No new appeals
age-seconds = { $count } s
age-minutes = { $count } min
age-hours = { $count } h
map-title = Where people appeal
map-key = new, 1 min
map-empty = no appeals
map-up-to = up to { $value } { $per }
map-no-land = No boundaries of the region are given
map-no-land-more = the key boundaries in [region]
map-per-km2 = per km²
map-per-residents = per 1000 residents
map-few-residents = hardly anybody
map-no-data = no data
map-in-hours = in { $hours } h
map-year-ago = a year ago
map-before = before
chart-empty-days = No appeals
chart-empty-table = No data
chart-empty = No appeals in 24 hours
hours-title = By hour
hours-in = at { $hour }:00
ranking-empty = Nothing to compare: no appeals
ranking-places = moves in a week
ranking-equals = { $count ->
    [one] { $count } district
   *[other] { $count } districts
 }
region-waiting = Waiting for the region

unit-per-thousand = per 1,000

review-title = 7 days: { $days }
review-rule = place by three shares
review-count = { $size ->
    [large] { $count ->
        [one] { $count } large district
       *[other] { $count } large districts
     }
    [middle] { $count ->
        [one] { $count } middle district
       *[other] { $count } middle districts
     }
   *[small] { $count ->
        [one] { $count } small district
       *[other] { $count } small districts
     }
 }
review-overdue = overdue
review-repeated = repeats
review-postponed = postponed
warnings-title = Early signals
warnings-empty = No surges: appeals are at their usual level
warnings-blind = No fresh data: surges cannot be seen
warnings-young = Less than a week of data: surges cannot be seen yet
warnings-region = whole region
warnings-more = { $count } more
warnings-counted = { $count } in { $hours } h, usually { $expected }
warnings-signal = Early signal
warnings-in-hours = { $hours ->
    [one] in { $hours } hour
   *[other] in { $hours } hours
 }
warnings-usual = usually { $expected }
table-more = and { $count } more
deadlines-title = Deadlines
deadlines-overdue = overdue
deadlines-today = today
deadlines-tomorrow = tomorrow
deadlines-empty = Nothing is in work
deadlines-untold = The sources tell no due dates
deadlines-untold-state = The sources do not tell what is in work
deadlines-agencies = Overdue by agency
deadlines-soonest = Due next
deadlines-in-hours = { $hours } h { $minutes } min
calendar-title = When people appeal
calendar-note = { $count ->
    [one] an hour, over { $count } week
   *[other] an hour, over { $count } weeks
 }
calendar-days = Mo Tu We Th Fr Sa Su
funnel-title = Appeal funnel
funnel-received = Received
funnel-replied = First reply
funnel-answered = Resolved
funnel-accepted = Confirmed
result-in = {""}
result-times = times
result-less = fewer
result-more = more
result-ago = a year ago: { $value }
unit-thousands = k
unit-millions = M

multiples-note = by hour, today
bars-norm = norm { $value }
bars-week-ago = a week ago
bars-unknown = not known
deadlines-week = this week
deadlines-later = later
camera-waiting = The camera has not sent a picture yet
progress-whole = { $fact } of { $plan }
chart-rest = other
flow-title = Where it came from, who answers
flow-rest = the rest
cards-empty = No answers yet
cards-answered = What residents were told
gauge-plan = plan { $value }
gauge-goal = goal { $value }
gauge-behind = behind by { $value }
gauge-in-time = on schedule
gauge-short = { $value } to go
gauge-over = { $value } worse than the goal
gauge-reached = goal reached
weather-title = Weather
weather-clear = clear
weather-partly-cloudy = partly cloudy
weather-cloudy = cloudy
weather-fog = fog
weather-rain = rain
weather-sleet = sleet
weather-snow = snow
weather-thunder = thunderstorm
weather-wind = wind { $speed } m/s
photos-before = Before
photos-after = After

# What each metric counts: the catalogue of the documents and of the wall.
definition-received = Appeals received in the period.
definition-received-per-thousand = Appeals received in the period for each thousand residents.
definition-repeats = Appeals received in the period that are linked to an earlier one.
definition-repeat-share = The share of repeats among the appeals received in the period.
definition-in-work = Appeals received and not answered at the end of the period.
definition-in-work-per-thousand = Appeals in work at the end of the period for each thousand residents.
definition-overdue = Appeals in work whose due date has passed at the end of the period.
definition-overdue-share = The share of overdue appeals among those in work at the end of the period.
definition-postponed = Appeals in work at the end of the period whose due date was moved.
definition-postponed-share = The share of appeals with a moved due date among those in work at the end of the period.
definition-moves = How often the due dates of the appeals in work at the end of the period were moved.
definition-first-reply-hours = The median time from receipt to the first reply, of the first replies of the period, in hours.
definition-first-reply-mean-hours = The mean time from receipt to the first reply, of the first replies of the period, in hours.
definition-first-reply-p90-hours = The time in which nine out of ten first replies of the period were given, in hours.
definition-resolved = Appeals that the executor answered in the period.
definition-resolution-days = The median time from receipt to the answer, of the answers of the period, in days.
definition-resolution-mean-days = The mean time from receipt to the answer, of the answers of the period, in days.
definition-resolution-p90-days = The time in which nine out of ten answers of the period were given, in days.
definition-closed-late = Appeals answered in the period after their due date.
definition-on-time-share = The share of the answers of the period that were given by the due date.
definition-accepted-share = The share of the answers of the period that the resident had confirmed by its end.
definition-rating = The mean mark, from 1 to 5, given to the answers of the period.
definition-accepted = Appeals whose answer the resident confirmed in the period.

counted-received = { $count ->
    [one] appeal received
   *[other] appeals received
 }
counted-resolved = { $count ->
    [one] appeal resolved
   *[other] appeals resolved
 }
counted-overdue = { $count ->
    [one] appeal overdue
   *[other] appeals overdue
 }
counted-repeats = { $count ->
    [one] repeated appeal
   *[other] repeated appeals
 }
counted-in-work = { $count ->
    [one] appeal in work
   *[other] appeals in work
 }
hero-more = { $period }, { $by } more than { $than }
hero-less = { $period }, { $by } fewer than { $than }
hero-same = { $period }, as many as { $than }
hero-year-ago = in the same time a year ago
hero-before = { $period ->
    [today] by this hour yesterday
    [week] in the same days of last week
    [month] in the same days of last month
    [quarter] in the same days of last quarter
   *[other] in the same time before
 }
kpi-none-late = all on time
deadlines-until = by { $time }
warnings-signal-short = Signal
warnings-appeals = { $count ->
    [one] appeal
   *[other] appeals
 }
review-place = place
progress-due = due by today
result-of = { $year }: { $value }
result-end-of = end of { $year }: { $value }
unit-mark = of 5
unnamed-topic = Topic no. { $number }
unnamed-sector = Sector no. { $number }
unnamed-channel = Channel no. { $number }
unnamed-agency = Agency no. { $number }
unnamed-municipality = Municipality no. { $number }
metric-received-minus-resolved = Received minus resolved
layout-no-room = On this wall no panel of the layout “{ $layout }” has room to be read: it needs a larger screen, or a layout of fewer panels
gauge-without = { $count ->
    [one] without { $count } row
   *[other] without { $count } rows
 }
