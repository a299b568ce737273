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
metric-rating = Rating

period-now = now
period-today = today
period-24-hours = in 24 hours
period-7-days = in 7 days
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
stamp-stale = { $minutes ->
    [0] under a minute ago
    [one] { $minutes } minute ago
   *[other] { $minutes } minutes ago
 }
stamp-old = data from { $time }
stamp-lost = no link since { $time }
stamp-waiting = waiting for data

demo = demo data
demo-short = demo
key-today = today
feed-title = New appeals
feed-rate = { $count } a minute
feed-empty = No new appeals
age-seconds = { $count } s
age-minutes = { $count } min
age-hours = { $count } h
map-title = Where people appeal
map-key = new, 1 min
map-empty = no appeals
map-legend = per km² in 24 hours
chart-empty-days = No appeals
chart-empty = No appeals in a day
hours-title = By hour
hours-in = at { $hour }:00
ranking-empty = Nothing to compare: no appeals
ranking-places = places in a week
region-waiting = Waiting for the region
