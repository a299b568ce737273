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
press-hidden = Not shown now
pairing-title = A tablet is pairing ({ $from }): type these digits, or point its camera here
pairing-until = valid until { $time }
stamp-waiting = waiting for data

demo = demo data
demo-short = demo
key-year-ago = a year ago
key-today = today
feed-title = New appeals
feed-table-title = Messages
feed-rate = { $count } per minute
feed-rate-hour = { $count } per hour
feed-empty = No new appeals
age-seconds = { $count } s
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count } d
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
ranking-empty = Nothing to compare: no data
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
flow-untold = Sources do not tell channels
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
layout-situation-room = Situation room
layout-overview = Overview
layout-portrait = Upright screen
layout-sector = Sector
layout-weekly-review = Weekly review
layout-deadlines = Deadlines
layout-prevention = Early signals
layout-channels = Channels
layout-results = The year's results
layout-services = Services
layout-municipality = Municipality
layout-public-kiosk = Kiosk
layout-night = Night
layout-emergency = Emergency
layout-no-room = On this wall no panel of the layout “{ $layout }” has room to be read: it needs a larger screen, or a layout of fewer panels
gauge-without = { $count ->
    [one] without { $count } row
   *[other] without { $count } rows
 }

# Faults of files.
fault-unknown-key = unknown key `{ $name }`
fault-unknown-value = unknown value `{ $name }`
fault-missing = `{ $name }` is missing
fault-meant = did you mean `{ $name }`?
fault-known = known here: { $known }
fault-write = write { $text }
fault-cyrillic = `{ $name }` has Cyrillic letters that look Latin: { $letters }
fault-out-of-range = { $value } is too large or too small here
fault-expected = { $wanted } is expected here, not { $got }
fault-not-a-whole-number = a whole number is expected here, not { $got }
fault-not-a-number = a number is expected here, not { $got }
fault-not-a-text = a text in quotes is expected here, not { $got }
fault-not-a-boolean = `true` or `false` is expected here, not { $got }
fault-not-a-list = a list, [ ... ], is expected here, not { $got }
fault-not-a-table = a table, {"{"} key = value {"}"}, is expected here, not { $got }
fault-write-boolean = write true or false, without quotes
fault-write-one = write one text, without the brackets
fault-twice = `{ $name }` is written twice
fault-twice-help = leave one of them out
fault-empty-file = the file is empty
fault-odd-blank = a blank that is no plain space, such as a no-break space, stands here
fault-odd-blank-help = write a plain space
fault-open-quote = this quote is not closed
fault-open-quote-help = write " at the end of the text
fault-curly-quotes = quotes are straight
fault-decimal-comma = a number has a decimal point, not a comma
fault-semicolon = a line does not end with a semicolon
fault-semicolon-help = leave it out
fault-colon = a key is followed by =, not by a colon
fault-colon-help = write key = value: the file is TOML, not YAML
fault-unquoted = a text stands in quotes
fault-key-letters = the key `{ $name }` is not in Latin letters
fault-key-letters-help = keys are Latin letters, digits, - and _
fault-open-bracket = this { $bracket } is not closed
fault-open-bracket-help = write { $bracket } at the end
fault-syntax = this is no TOML: { $found }
fault-workbook = this is a workbook of Excel (xlsx) or an archive, not a text: save a table as CSV
fault-utf-16 = this text is in UTF-16: save it as UTF-8
fault-windows-1251 = this text is in Windows-1251: save it as UTF-8
fault-not-utf-8 = this text is not UTF-8: save it as UTF-8
fault-no-file = there is no such file
fault-no-permission = the file may not be read: give the wall's user the right to it
fault-no-text = this is no text
fault-write-digits = write it in digits, without quotes
kind-text = a text
kind-whole-number = a whole number
kind-number = a number
kind-boolean = true or false
kind-list = a list
kind-table = a table
kind-other = something else

# What `check` says.
check-no-table = no source of these files brings the table `{ $name }`
check-no-sector = the site has no sector `{ $name }`
check-no-municipality = the site has no municipality `{ $name }`
check-no-channel = the site has no channel `{ $name }`
check-no-icon = there is no icon `{ $name }`
check-demo-no-table = { $file }: the demo region has no table `{ $table }`
check-not-here = { $source }: { $what } on this machine
check-note = note: { $what }
check-one-well = the file is well
check-all-well = all files are well
check-cannot-read = { $file } cannot be read: { $why }

# Faults of layouts, walls and run sheets.
layout-grid-count = a grid has 1 to 64 columns and as many rows
layout-preset-name = a preset cannot be called `{ $name }`
layout-preset-name-help = write a name without `/`: the preset is shown as LAYOUT/NAME
layout-preset-twice = there are two presets `{ $name }`
fault-other-name = give one of them another name
layout-no-preset = this layout has no preset `{ $name }`
layout-no-place = a placement has `columns` and `rows`
layout-no-place-help = write the first and the last of each, such as columns = [1, 6] and rows = [2, 2]
layout-off-grid = { $what } = [{ $first }, { $last }] is not on a grid of { $count } { $what }
layout-off-grid-help = write the first and the last, from 1 to { $count }
layout-no-grid = this layout has no grid for { $name } walls
layout-no-grid-help = add [{ $name }] with `columns` and `rows`
layout-overlap = this panel covers the { $kind } placed before it
layout-overlap-help = move one of them, or give the upper one a greater `depth`
layout-no-panel = no panel is named here
layout-two-panels = a placement holds one panel
layout-panel-help = write panel.KIND = {"{"} ... {"}"} with one of { $kinds }
layout-empty = a layout has at least one [[placement]]
layout-empty-help = add [[placement]] with columns, rows and panel.KIND
layout-size-comma = `{ $text }` is no size: a decimal point is written, not a comma: "{ $point }u"
layout-size = `{ $text }` is no size: write "1fr" for a share of what is left, or "8.5u" for a multiple of u, the smallest type that is read from the wall's viewing distance
wall-grid-count = a grid has 1 to 32 columns and rows
wall-connectors = { $named } connectors for { $count } outputs
wall-connectors-help = name one connector an output, row by row, or none
wall-output-twice = two outputs are called `{ $name }`
wall-output-twice-help = give each output a name of its own
wall-matched-once = an output is matched in one way
wall-matched-once-help = keep one of `edid`, `connector` and `order`
wall-rotation = rotation { $degrees } is not a quarter turn
wall-rotation-help = write 0, 90, 180 or 270, clockwise
wall-matched-both = outputs `{ $one }` and `{ $other }` are both matched by { $what }
wall-matched-both-help = each display is one output: `obzor outputs` lists them
wall-empty = a wall has at least one output
wall-empty-help = add a [grid] of equal outputs, or an [[output]] for each
wall-size = output `{ $name }` has no size that could hang on a wall
wall-size-help = size_mm is the lit area, width and height in millimetres
wall-pixels = output `{ $name }` has { $width } × { $height } pixels
wall-pixels-help = pixels are the signal's width and height, 16 to 16384 each
wall-oblong = the pixels of output `{ $name }` would be { $times } times as high as wide
wall-oblong-help = correct size_mm, or pixels: displays have square ones
wall-distance = nobody reads a wall from { $metres } m
wall-position-help = position_mm is the upper left corner of the lit area, in millimetres from the wall's, across and down
wall-distance-help = viewing_distance_m is the distance of the farthest reader, 0.3 to 100
wall-pitch = a pitch of { $mm } mm is no display's
wall-pitch-help = pitch_mm is the width of a lit pixel, 0.05 to 20
wall-overlap = output `{ $one }` hangs over `{ $other }`
wall-overlap-help = move its position_mm, or correct its size_mm
wall-too-large = the wall is { $width } × { $height } pixels
wall-too-large-help = keep it under 65536 a side: a larger pitch_mm makes it coarser
operation-address = `{ $text }` is no address
operation-address-help = write an address and a port, such as "0.0.0.0:7443"
operation-ip = `{ $text }` is no address
operation-ip-help = write the addresses that orders are taken from, such as from = ["10.0.0.7"]
operation-osc-anybody = orders over OSC are not taken from anybody
operation-days = a token cannot be valid for so many days
operation-days-help = write `token_days` from 1 to { $most }
schedule-same-name = two [[slot]] are called `{ $name }`
schedule-same-name-help = give each a name of its own: by it a slot is skipped and held
schedule-no-name = a [[slot]] has no name
schedule-no-name-help = write name, such as name = "night"
schedule-zone = there is no time zone `{ $name }`
schedule-zone-help = write it as in the IANA database, such as "Europe/Moscow"
schedule-date = `{ $text }` is no date
schedule-date-help = write "2027-01-01" or "2027-01-01..2027-01-08"; the first day comes before the last
schedule-both = `{ $text }` is both a holiday and a working day
schedule-both-help = leave the date in holidays or in workdays
schedule-one-time = a [[slot]] has only one of `from` and `to`
schedule-one-time-help = write both, such as from = "22:00" and to = "07:00", or neither: then it lasts all day
schedule-time = `{ $text }` is no time of day
schedule-time-help = write hours and minutes, such as "07:30"; the end of the day is to = "24:00"
schedule-no-days = there is no day in `days`
schedule-no-days-help = write days = "all", "workdays", "weekends", "holidays", ["mon", "tue"] or dates
schedule-days = there are no days `{ $text }`
schedule-item-secs = nothing is shown for { $secs } seconds
schedule-item-secs-help = write `secs` from 3 to 86400
schedule-shows = it is not clear what this [[slot]] shows
schedule-shows-help = write layout = "night" or playlist = [{"{"} layout = "overview", secs = 60 {"}"}]; `look` stands beside its layout
schedule-gap = nothing is scheduled from { $from } to { $until }; there are { $days } such days in the year
schedule-gap-help = add a [[slot]] without `from` and `to` and with rank = -1: it is shown when there is no other
schedule-overlap = `{ $one }` and `{ $other }` are of one rank and both on from { $from }
schedule-overlap-help = give one of them a higher `rank`: now the one that comes first in the file is shown
schedule-never = this [[slot]] is not shown once in a year
schedule-never-help = there is no such day in it, or another is always over it: look at days, from, to and rank
when-one = it is not clear what this condition watches
when-one-help = write one of: metric, dataset, warnings, alerts, source, output, disk
when-no-period = it is not said over which period the metric is measured
when-side = it is not clear on which side the condition holds
when-side-help = write either above = 50, clear = 35 or below = 5, clear = 8
when-no-clear = it is not said when the condition holds no more
when-no-clear-help = write clear: with a gap to the threshold a number does not switch the wall to and fro
when-wrong-clear = `clear` is on the far side of the threshold
when-wrong-clear-help = clear is no more than above, and no less than below
when-secs = this number cannot be in a condition
when-secs-help = for_secs is 0 to 86400, thresholds are ordinary numbers
meeting-aside = “{ $title }” was set aside: { $why }
signal-formula = Formula
signal-warnings = Early warnings
signal-alerts = Alerts ({ $table })
signal-source = Age of the data of “{ $name }”, s
signal-outputs = Dark outputs
signal-output = Output “{ $name }” dark
signal-disk = Free on the disk, MiB
visit-secs = a step cannot last { $secs } seconds
visit-secs-help = write `secs` from 3 to 3600
visit-notes = its notes take about { $said } seconds to say, and it lasts { $secs }
visit-notes-help = make it longer, or say less
visit-min-secs = a step of { $secs } s is shortened to 3 s at least, and not beyond itself
visit-min-secs-help = write `min_secs` from 3 to `secs`
visit-end-help = write the hour and the minute, such as "11:30"
error-not-in-sheet = the run sheet does not let these steps be left out or shortened so far
visit-empty = a run sheet has at least one [[step]]
visit-empty-help = add [[step]] with `title`, `layout`, `secs` and `notes`
legible-pace = this { $kind } runs at { $pace } characters a second
legible-pace-help = no more than { $most } can be read: write a smaller `speed`
legible-hidden = on { $wall } { $share } % of this { $kind } lies where no screen is
legible-hidden-help = move it, or give the layout a grid that suits the wall
legible-undrawn-help = write it in Cyrillic, Latin or Greek letters, or with a sign or an emoji
legible-undrawn = no font of the wall has “{ $character }” (U+{ $code }): { $sign } is shown in its place
legible-contrast-help = give it another colour in `theme.colours`, lighter on dark or darker on light
legible-alike = `{ $one }` and `{ $other }` are one colour to some eyes
legible-alike-help = give one of them another lightness or hue in `theme.colours`
legible-contrast = the contrast of `{ $role }` on `{ $under }` is { $contrast }:1, and is to be { $least }:1
legible-room = on { $wall } this { $kind } gets { $width } × { $height } u and needs { $needed_width } × { $needed_height } u to be read
legible-room-help = give it more columns or rows, or stand nearer: u, the smallest type that is read from { $metres } m, is { $px } px
preflight-over = on { $wall }: in this { $kind } “{ $one }” and “{ $other }” lie over one another{ $names ->
    [long] , with names three times as long
   *[other] {""}
}
preflight-out = on { $wall }: “{ $words }” runs out of this { $kind }{ $names ->
    [long] , with names three times as long
   *[other] {""}
}
preflight-cut = on { $wall }: “{ $words }” is cut in this { $kind }
preflight-bezel = on { $wall }: “{ $words }” in this { $kind } lies across the bezel between two screens
preflight-room-help = give the panel more room
preflight-short-help = give the panel more room, or what it names a `short` name
preflight-bezel-help = move the panel's edge to the bezel, or give it another width
panel-hero-counts = what is told as a number of appeals is counted: give it a metric such as `resolved`
panel-title-year-text = `year_of` says which year `{ $year }` is: write that in `text`, in both languages
panel-title-year-table = `{ $year }` is of a table: name it in `year_of`
panel-ticker-speed = `speed` is 1 to 60 characters a second
panel-norm-share = a `norm` is what a share should come to: give it a metric that ends in `-share`
panel-norm-range = a `norm` is a share, in per cent: 0 to 100
panel-slides-empty = a slideshow has `pictures`, such as [{"{"} file = "one.jpg" {"}"}]
panel-hold-secs = `hold_secs` is { $least } to 3600
panel-weeks = `weeks` are 1 to 52
panel-target-range = the `target` of a share is in per cent: above 0, and at most 100
panel-gauge-title = a table has no name of its own: give the gauge a `title`
panel-gauge-of = a gauge is of a `metric` with a `target` above 0, or of a `dataset` with a plan of its own
panel-no-icon = there is no icon `{ $icon }`: its name is one of the Phosphor icons that come with the program, such as `phone` or `wrench`
panel-no-icon-near = there is no icon `{ $icon }`: did you mean `{ $near }`?
panel-text-markdown = a text in Markdown has its own headline: leave `headline`, `body` and `large` out
panel-group-one = each of `panels` is one panel, such as {"{"} clock = {"{}"} {"}"}
panel-group-two = a group has two `panels` or more: one needs no turns
panel-gathered = `clusters` and `dots` show how many there are: `play`, `beside` and `per` are for `heat`
panel-heat-counts = `{ $code }` counts no appeals: heat shows where those lie that a metric counts
panel-heat-stock = `{ $code }` stands at a moment: what happens in a period can be played
panel-heat-both = heat is played or shown `beside` what it is compared with, not both
panel-heat-play = `play` takes 2 to 600 `secs` and shows 1 or more `hours` at once
panel-qr-text = a QR code needs its `text`
panel-qr-long = `text` is too long for a QR code
panel-cell-name = only a metric of the catalogue has a name of its own: give the cell a `name`
panel-cell-of = a cell has either `metric` or `dataset`
panel-cell-period = a metric needs its `period`, such as "today"
panel-cells = key figures are 1 to 8 `cells`
panel-formula-title = a formula has no name of its own: give the panel a `title`
panel-no-hours = `{ $code }` counts nothing that happens at an hour: write `received` or `resolved`
panel-result-of = a result is of a `metric`, or of a `field` of a `dataset`
panel-flow-same = a flow goes from one dimension to another: `from` and `to` are the same
panel-flow-counts = `{ $code }` counts no appeals: write `received` or `in-work`
panel-columns = a table has 1 to 8 `columns`
panel-days = `days` are 2 to 366
panel-chart-formula = a formula is drawn by day: give the chart `days` and a style other than "stacked"
panel-chart-hours = `{ $code }` is not counted by the hour: give the chart `days`, and a style other than "stacked"
panel-tour-stops = a tour has `stops`, such as ["region", {"{"} municipality = "..." {"}"}]
panel-tour-secs = a tour rests at least 1 second and flies at least half a second
panel-classes-count = `classes` has 1 to { $most } breaks: more colours are not told apart
panel-classes-ascend = the breaks of `classes` ascend, such as [1, 2, 5]
panel-weight = the family has the weights 400, 500 and 600, not { $weight }
panel-no-theme = there is no theme `{ $name }`: there are { $known }
panel-formula-ways = a formula has one of `add`, `subtract` and `divide`
panel-formula-parts = `{ $way }` takes { $count } metrics
panel-formula-units = `{ $one }` and `{ $other }` have different units: only `divide` takes them together
panel-formula-levels = `{ $level }` is a level at an instant and `{ $flow }` a flow of a period: they do not add up; put them side by side
panel-formula-better = write either `better` or `less_is_better`
panel-formula-times = `times` is a number over 0
panel-colour = a colour is written #RRGGBB or #RRGGBBAA, not `{ $text }`
site-empty = a site has at least one source
site-empty-help = add [[source]] with name, kind and url
site-twice = two sources are called `{ $name }`
site-twice-help = give each source a name of its own
site-native-region = a native backend brings its own region
site-native-region-help = leave [region] out, or give the region to the sources that bring none
site-native-tables = beside a native backend only tables can be taken
site-native-tables-help = leave out its appeals, or the other sources of appeals
site-no-region = whose appeals are these?
site-no-region-help = add [region] with name and time_zone, and boundaries if there is a file of them
site-zone = there is no time zone `{ $zone }`
site-zone-help = write its IANA name, such as Europe/Moscow
site-auth = this is no way to say who the wall is
site-auth-help = write auth = {"{"} bearer = {"{"} env = "NAME" {"}"} {"}"}, with the name of an environment variable or {"{"} file = "path" {"}"}; basic = {"{"} user, password {"}"} and header = {"{"} name, value {"}"} likewise
site-kind = there is no kind of source `{ $kind }`
site-secret = a secret is named in this file, never written
site-secret-help = take the user and the password out of the address: auth = {"{"} basic = {"{"} user = "...", password = {"{"} env = "NAME" {"}"} {"}"} {"}"}
site-url = `{ $url }` is not an address
site-url-help = write it whole, such as https://backend.example/api/
site-place = a source is read from one place
site-place-help = write either url or file
site-range = { $key } = { $value } is out of range
site-range-help = write { $least } to { $most }
panel-icon-help = its name is one of the Phosphor icons that come with the program, such as `phone` or `wrench`
source-came = came      { $rows } rows in { $secs } s
source-found = found     { $places }
source-found-some = { $place } in { $count } of { $all }
source-not-found = not found { $places } in any of { $all } rows
source-appeals = appeals   { $count }
source-table = table     { $name }: { $count } records
source-first = (the first: { $example })
source-set-aside = set aside { $count }: { $reason } { $first }
source-taken = taken     { $count }, but { $reason } { $first }
source-nothing = nothing   came: { $instead }
source-nothing-help = does its table say where the rows are?
source-failed = failed    { $why }
source-none = this wall names no source
source-names = { $file }: { $count } names of municipalities to be completed
source-cell = { $text }
source-in-work = in work
source-answered = answered
source-not-told = answered or not: not told
source-pixels = { $name }: { $width } × { $height } pixels
import-reading = reading { $size } MB
import-borders = judging the borders of { $count } municipalities
import-neighbours = finding the borders that neighbours share
import-simplifying = simplifying by { $metres } m
import-read = { $file }: { $count } municipalities, { $points } points, { $arcs } arcs
import-simplified = {"  "}simplified by { $metres } m: { $points } points
import-names = {"  "}names: { $names }
import-doubt = {"  "}look at: { $doubt }
import-done = { $file }: boundaries = "{ $file }" in a site's [region]
import-no-properties = its features have no properties: give each a `name`
import-properties = its features have { $names }: say which with --name-field
import-nameless = { $file }: no feature has a name; { $help }
import-no-name = feature { $number } has no name: say which property holds it with --name-field
import-same-name = features { $one } and { $other } are both called { $name }
import-border = the border of { $name }: { $fault }
import-no-land = { $name } has no land
import-alias-open = the alias { $alias } = "{ $name }" has no municipality yet
import-alias-wrong = the alias { $alias } = "{ $name }" means none of the municipalities
import-overlap = { $one } lies on the land of { $other }
help-run-view = Where the wall is operated and seen on this machine; by default 127.0.0.1:7474
help-run-operation = How the wall is operated: who may what, and over which addresses
help-schedule = Says a day as it is planned, and why; imports meetings
help-schedule-operation = The file of operation
help-schedule-on = The day, as 2026-11-20; by default today
help-schedule-zone = The time zone, where the file names none; by default that of this machine
help-schedule-about = A day, as it is planned
help-schedule-import = Writes the meetings of an iCalendar file as [[slot]] tables, to the standard output
help-schedule-import-file = The calendar
help-schedule-import-layout = What is shown during a meeting: a built-in name, NAME/PRESET, or a file
help-schedule-import-rank = The rank of the slots
help-schedule-import-days = Meetings of so many days from today on
help-schedule-import-zone = The time zone of the wall; by default that of this machine
help-ctl-show-secs = For this many seconds; by default until the next slot of the schedule
help-ctl-show-stays = Until it is taken back
help-ctl-schedule = Says what is scheduled, and why
help-ctl-skip = Leaves out a slot of the schedule: the one that is on, or else its next time
help-ctl-skip-slot = The slot; by default the one that the schedule shows
help-ctl-hold = Holds a slot of the schedule beyond its time
help-ctl-hold-secs = For this many seconds; by default until the schedule is followed again
help-ctl-follow = Follows the schedule again: nothing is held, and nothing left out
help-ctl-tokens = Gives, lists and takes back the tokens of those who operate the wall from elsewhere
help-ctl-pair = Pairs this shell with a wall elsewhere, by the digits that the wall shows
help-ctl-pair-name = What this shell is called: it stands in the journal
help-ctl-pairing = Says the digits of the pairing that the wall shows, for whoever cannot see it
help-ctl-tokens-list = Lists them, without their secrets
help-ctl-tokens-add = Gives one, as for a button box
help-ctl-tokens-name = Whose it is: it stands in the journal
help-ctl-tokens-role = What it may do
help-ctl-tokens-days = For how many days it is valid
help-ctl-tokens-remove = Takes one back
help-ctl-tokens-id = Its id, as the list says it
help-journal = Looks after the journal of a wall
help-journal-verify = Proves that no record was changed or taken out
help-journal-file = The journal: a file that ends in .journal.sqlite, beside the archive
help-completions = Writes what completes the commands of a shell, to its standard output
help-completions-shell = The shell
help-man = Writes the manual page, to its standard output
help-program = Drives the video wall of a management centre
help-program-long = Without a command's options a demo wall is shown: a fictional region with a year of citizens' appeals, served by an embedded backend. Exit codes: 0 well, 1 a file or a backend is wrong, 2 wrong usage.
help-run = Shows the wall on every output of the session
help-render = Renders the same picture without a display, as PNG
help-check = Judges wall, layout, site, run sheet and operation files
help-outputs = Lists what is connected: connector, resolution, refresh rate, EDID identity, physical size
help-identify = Shows a giant name, the resolution and a test pattern on each output
help-demo-backend = Serves the demo region over the native API
help-region = Looks after regions
help-source = Looks after sources of data
help-import = Makes a region pack of boundaries: judged, names tidied, simplified at three scales without cracks
help-import-file = The boundaries, GeoJSON
help-import-name-field = The property that holds the municipalities' names; by default `name`, `district` or the first text
help-import-aliases = Other names of municipalities: a TOML file of lines such as "Ключи" = "Ключевск"
help-import-out = The pack
help-source-test = Asks each source of a file once: what came, what was mapped, what was set aside and why
help-source-file = The site's file, or a wall's file with [[source]] tables
help-unknown-names = Writes the names of municipalities that the region does not have, to be completed as aliases
help-wall-or-desktop = The wall file; by default the outputs as the desktop arranges them
help-layout = The layout: a built-in name, NAME/PRESET, or a file; by default the one that suits the wall's shape
help-run-sheet = The steps of a visit: `governors-visit`, or a file; the tablet's page has its notes
help-language = The language of the wall
help-run-source = A native backend's address, or a site's file with [[source]] tables; by default those of the wall file, else the embedded demo backend
help-keep = Keeps the last good data in this file; by default in the user's state folder, one file a site
help-no-keep = Keeps nothing on disk
help-windowed = In windows instead of over whole outputs
help-headless = On offscreen outputs; chosen by itself where there is no display
help-seed = The seed of the demo region
help-now = What the wall's clock shows at the start, as 2026-11-20T14:05:12+03:00; by default the time it is
help-seconds = Ends by itself after this many seconds
help-wall-or-size = The wall file; by default one output of --size
help-at = The moment, as 2026-11-20T14:05:12+03:00; by default now
help-output = One output of the wall, instead of all of it
help-size = The size in pixels of a wall without a file; its smallest type is a 27th of its height
help-theme = What it is painted with, whatever the wall file says
help-words = The language of its words
help-condition = With its data as it would be: `stale`, a minute behind; `old`, hours; `lost` with its backend; `empty`, a backend that has nothing; `long`, every name three times as long
help-frames = A numbered series of this many pictures
help-every = From one picture of a series to the next
help-png = The PNG file
help-check-files = Wall, layout, site, run sheet and operation files; whether layouts can be read is judged on the walls among them
help-check-format = How faults are written
help-format-text = For people: with the line and what to write instead
help-format-json = For tools: one JSON array
help-listen = Where to listen
help-life-seed = The seed of the region's life
help-demo-now = What its clock shows at the start
help-speed = Seconds that pass for each second
help-help = Print help
help-version = Print version
help-usage = Usage
help-commands = Commands
help-arguments = Arguments
help-options = Options
help-default = default: { $value }
help-values = one of { $values }
fault-other-kind = this is { $kind ->
    [run-sheet] a run sheet: give it as `--run-sheet`
    [layout] a layout: give it as `--layout`
    [wall] a wall: give it as `--wall`
   *[source] a site: give it as `--source`
}

# What errors and rows say.
error-rows-over = more rows than most_rows allows
error-part-no-json = something in the answer is no JSON: it was left out
error-two-pages = rows came on two pages: each was taken once
error-key-again = its key comes again later: the last one counts
error-no-sector-named = `sectors` names none for its service
error-in-future = it is received in the future: are its times of another zone?
error-outside = its place is outside of the region
error-no-place = it has no place
error-topics-over = there are more topics than a wall can hold: its topic is not known
error-sectors-over = there are more sectors than a wall can hold: its sector is not known
error-executors-over = there are more executors than a wall can hold: its executor is not known
error-channels-over = there are more channels than a wall can hold: its channel is not known
error-not-among-boundaries = its municipality is not among the boundaries: `aliases` in [region] can say which it is
error-no-time = its time cannot be read: it has none
error-no-title = it has neither a title nor a text
error-above-headings = rows stand above the headings: they are left out
error-open-quote = a quote is not closed: its line is read by itself
error-histogram = a histogram is no number: ask for `histogram_quantile(0.5, …)` of it
error-cells = it has not as many cells as the headings
error-sum = it is the sum of others
error-link = its link cannot be followed: { $why }
error-area-unread = one of its areas cannot be read: it is not drawn
error-area-none = one of its areas has neither polygon nor circle: maps do not show it
error-no-such-kind = `{ $place }` holds what is no { $kind }
error-status = its status «{ $status }» is not known: `statuses` can say what it means
error-not-feature = not a feature
error-not-geometry = its geometry is none of GeoJSON
error-line = it is a line: maps show points and areas
error-not-degrees = its coordinates are not longitude and latitude in degrees
error-no-geometry = it has no geometry: maps do not show it
error-ignores-dates = the server ignores `start_date` and `end_date`: no more than its one answer is known
error-beside-native = a native backend brings the region: beside it only tables are taken
error-not-object = not an object
error-no-receipt = no time of receipt
error-receipt-unread = the time of receipt cannot be read
error-receipt-format = the time of receipt cannot be read: `time_format` can say how it is written
error-no-identifier = no identifier
error-before-1970 = the time of receipt is before 1970
error-received-in-future = received in the future
error-not-actual = not an actual alert
error-not-public = not for the public
error-cancelled = cancelled
error-answer-to-other = an answer to another message
error-cancelled-later = cancelled or updated by a later message
error-no-info = no info in it
error-heading-named-twice = a heading that the mapping names comes twice: the first column is taken
error-heading-twice = a heading comes twice: the second column is numbered
error-not-number = not a number ({ $found })
error-row = row { $number }
error-line-number = line { $number }
error-no-file = No such file or directory (os error 2)
error-no-permission = Permission denied (os error 13)
error-is-folder = Is a directory (os error 21)
error-not-folder = Not a directory (os error 20)
error-disk-full = No space left on device (os error 28)
error-read-only = Read-only file system (os error 30)
error-address-used = Address already in use (os error 98)
error-address-none = Cannot assign requested address (os error 99)
error-connection-refused = Connection refused (os error 111)
error-connection-reset = Connection reset by peer (os error 104)
error-no-route = No route to host (os error 113)
error-unreachable = Network is unreachable (os error 101)
error-connect-time = Connection timed out (os error 110)
error-answered = { $url } answered { $status }
error-who-asks = it wants to know who asks, say so with `auth`
error-not-let-in = it does not let this `auth` in
error-not-found = is `url` the address of the API, whole?
error-not-listened = { $address } cannot be listened on
error-unreadable-file = { $file } cannot be read
error-unwritable = { $file } cannot be written
error-not-written = { $file } does not hold what was written
error-unreadable-content = { $file } holds what cannot be read: { $what }
error-foreign-archive = { $file } is not an archive of Obzor: it is left alone; name another file with --keep
error-later-archive = { $file } was written by a later version of Obzor (form { $found }, this one knows { $known }): name another file with --keep
error-archive-folder = { $file }: { $why }; give the wall a folder that it may write to with --keep, or --no-keep
error-archive-full = the disk is full, or the archive has reached its limit: free some space
error-archive-read-only = give the wall a folder that it may write to with --keep, or --no-keep
error-disk-failing = the disk may be failing
error-no-room = { $layout }: no panel of { $kinds } has room on this wall: give it a larger one, or fewer panels
error-no-path = { $url }: no such path
error-xml-kind = XML (KML or GML)
error-units = `{ $one }` and `{ $other }` have different units: only `divide` takes them together
error-level-and-flow = `{ $one }` is a level at an instant and `{ $other }` a flow of a period: they do not add up; put them side by side
error-no-number-there = `{ $metric }` is no number there
error-jsonpath-such = `{ $path }` is not a JSONPath, such as $.data[*]: { $why }
error-jsonpath = `{ $path }` is not a JSONPath: { $why }
error-takes-metrics = `{ $part }` takes { $count } metrics
error-two = two
error-two-to-four = two to four
error-due-days = `due_days` is 0.01 to 3650
error-fields-of-table = `fields` are those of a table: name it with `dataset`
error-time-format = `time_format` = "{ $format }" does not make a date: write it as "%d %b %Y %H:%M" (letters of strftime)
error-times = `times` is a number over 0
error-one-of-formula = a formula has one of `add`, `subtract` and `divide`
error-not-list-of-texts = a list of texts was asked for
error-part-failed = a part of the program failed
error-token = a token without an identifier yet
error-web-page = a web page
error-page-for-table = a web page came where a table was asked for
error-page-for-news = a web page came where news were asked for: is this the address of the feed?
error-page-for-requests = a web page came where requests were asked for: is this the address of the API?
error-error-for-requests = an error came where requests were asked for: { $what }
error-event-long = an event is longer than { $limit } bytes
error-no-stream = an event stream was asked for and `{ $kind }` came
error-side = each side is 64 to 16384 pixels
error-nested = elements are nested deeper than { $limit }
error-coordinate = feature { $feature }: the coordinate { $lon }, { $lat } is not longitude and latitude in degrees: convert the file, for example by `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`
error-tiles = holds { $kind } tiles: a base map is made of vector tiles (MVT) in the Protomaps schema
error-unreadable = it cannot be read: { $why }
error-cells-over = it has more than { $limit } cells
error-elements-over = it has more than { $limit } elements
error-broken = it is broken: { $why }
error-no-plain-file = it is no file
error-encoding = it is not UTF-8 but seems to be { $encoding }: save it as UTF-8, for example by `iconv -f { $from } -t UTF-8`
error-picture-large = it is too large: a picture has at most { $pixels } pixels a side, and takes at most 256 MiB in memory: make it smaller
error-other-system = its coordinates are in { $system }, not in degrees of longitude and latitude (WGS 84): convert it, for example by `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`
error-disk-silent = its disk does not answer
error-columns-over = its headings name { $count } columns: no more than { $limit } are read
error-loading-cut = loading was cut off
error-longer = longer than { $limit } bytes
error-sources-over = more than 256 sources
error-no-feed = neither RSS nor Atom: { $why }
error-rows-of-what = neither `appeal` nor `dataset` says what the rows are: map them to appeals or name a table
error-no-cap-feed = neither a CAP alert nor a feed of alerts
error-no-cap = no CAP alert
error-no-vulkan = no Vulkan device: install a driver (on Debian: mesa-vulkan-drivers and libvulkan1); { $why }
error-no-column = no column `{ $name }`; { $help }
error-no-data = no data from { $source }
error-no-data-yet = no data has come yet that says where that is
error-no-display = no display
error-no-display-start = no display: start with --headless
error-no-element = no element in it
error-no-features = no features in it: GeoJSON is a FeatureCollection, a Feature, or an array of them
error-no-port = no free port on loopback
error-no-output = no output
error-no-polygon = no polygon in it: a region needs at least one municipality with a boundary
error-no-surface = no surface for the window: { $why }
error-no-thread = no thread for the data
error-nobody-listens = nobody is listening
error-not-json = not JSON: { $why }
error-not-xml = not XML at byte { $at }: { $why }
error-not-pmtiles = not a PMTiles archive of version 3: { $why }
error-silent = nothing was heard for { $time }
error-nothing-painted = nothing was painted
error-png = pictures are PNG files: write a name that ends in .png
error-broken-inside = reading it failed inside of the program: the log says where
error-short-picture = short picture
error-gpu-no-device = the GPU's driver gave no device: { $why }
error-values-over = the answer holds more than { $limit } values: ask for smaller pages, or let `max_mib` be more
error-answer-long = the answer is longer than { $limit } bytes
error-stream-closed = the backend closed the stream
error-column-length = the column `{ $column }` has { $found } entries and `id` has { $expected }
error-no-endpoint = the discovery document names no endpoint
error-display-broke = the display connection broke
error-breaks-off = the document breaks off
error-no-variable = the environment variable { $name } is not set
error-empty = the file is empty
error-no-runtime = the network runtime does not start
error-picture-undecoded = the picture cannot be decoded
error-gpu-read = the picture could not be read from the GPU: { $why }
error-torn = the picture is torn: its end is missing
error-secret-file = the secret's file { $file }: { $why }
error-steps = the steps are 1 to { $count }
error-surface-format = the surface offers no plain format of eight bits a colour
error-table-cells = the table has { $count } cells: panels show tables of { $limit } at most; leave rows or columns out, or read it as appeals
error-wall-no-output = the wall has no output `{ $name }`; { $help }
error-no-numbered = there is no { $kind } { $number }: there are { $count }, and the first is 0
error-no-session = there is no display session to show names on: start it in one, or set WAYLAND_DISPLAY or DISPLAY
error-no-layout = there is no layout `{ $name }`; { $help }
error-no-municipality = there is no municipality `{ $name }`; { $help }
error-no-run-sheet = there is no run sheet `{ $name }`; { $help }
error-topojson = this is TopoJSON: convert it, for example by `npx topo2geo OBJECT=out.geojson < in.topojson`
error-not-geojson = this is { $kind }, not GeoJSON
error-not-picture = this is { $kind }: pictures are PNG or JPEG
error-excel = this is a workbook of Excel (xlsx): save it as CSV
error-wall-no-run-sheet = this wall shows no run sheet
error-unknown-field = unknown field
error-api-version = version { $found } of the API, this wall speaks { $known }
error-write-size = write WIDTHxHEIGHT, such as 3840x1080
error-write-moment = write a date, a time and its offset, such as 2026-11-20T14:05:12+03:00
error-write-source = write an address that begins with http:// or https://, or a file that ends in .toml
error-better-twice = write either `better` or `less_is_better`
error-run-sheet = run sheet
error-kind-time = time: `time_format` can say how it is written
error-kind-number = number
error-timeout = operation timed out
error-request = error sending request
error-connect = client error (Connect)
error-connect-tcp = tcp connect error
error-dns = dns error
error-feature-left = feature { $number }, { $name }, { $why }
error-feature-no-geometry = has no geometry: it is left out
error-feature-line = is a line without the `layer` of rivers or roads: it is left out
error-feature-point = is a point without the `layer` of towns: it is left out
error-feature-no-polygon = has no polygon: it is left out
error-feature-no-land = has no land: it is left out
error-feature-points = has points that are no coordinates: they are left out
error-feature-ring = has a ring of fewer than three points: it is left out
error-empty-object = an empty object
error-object-with = an object with { $keys }
error-list-of = a list of { $count }
error-single = a single value
error-finds-no-rows = `{ $items }` finds no rows; the answer is { $outline }
error-no-entries = the feed has no entries now
error-query-text = `{ $query }` answers with a text, and no number is in it
error-query-nothing = `{ $query }` finds no series now
error-ring-points = { $ring } must have at least 3 distinct points
error-ring-crosses = { $ring } has a self-intersection
error-ring-outside = { $ring } is not contained within the polygon's exterior
error-rings-on-line = { $one } and { $other } intersect on a line
error-rings-on-area = { $one } and { $other } intersect on an area
error-polygon-invalid = polygon at index { $index } is invalid: { $why }
error-polygons-overlap = polygons at indices { $one } and { $other } overlap
error-polygons-touch = polygons at indices { $one } and { $other } touch on a line
error-ring-exterior = exterior ring
error-ring-interior = interior ring at index { $index }
error-not-allowed = a { $role } may not do that: it takes a { $least }
error-changed = the wall has changed since: its version is { $version }
error-nothing-by-hand = nothing is shown by hand
error-no-such-time = a layout is shown for 1 second to 30 days
error-no-stack = the claims are not a stack with one default
error-no-journal-thread = no thread for the journal
error-record-missing = record { $number } is missing
error-record-changed = record { $number } is not what was written
error-journal-foreign = { $file } is not a journal of this version of Obzor: it is left alone; name another file with --keep
error-journal-closed = the journal is closed
error-no-wall = { $address } is no wall
error-wall-refused = the wall has refused

# The tablet, filled in by its page: arguments stand as { $name }, and nothing else does.
tablet-title = Obzor: the console
tablet-tabs = Sections
tablet-tab-wall = Wall
tablet-tab-layouts = Layouts
tablet-tab-maps = Map
tablet-tab-schedule = Schedule
tablet-schedule-nothing = nothing is scheduled
tablet-schedule-none-now = Nothing is scheduled now
tablet-schedule-now = By the schedule: { $slot }
tablet-schedule-now-until = By the schedule: { $slot }, until { $time }
tablet-schedule-next = By the schedule at { $time }: { $slot }
tablet-schedule-held = Held: { $slot } ({ $by }: { $reason })
tablet-schedule-left-out = Left out: { $slot } from { $time } ({ $by }: { $reason })
tablet-schedule-reason = Why the schedule is changed
tablet-schedule-why = Say why, and the buttons can be pressed
tablet-schedule-hold = Hold “{ $slot }”
tablet-schedule-skip = Skip “{ $slot }”
tablet-schedule-skip-next = Skip the next: “{ $slot }”
tablet-schedule-follow = Follow the schedule again
tablet-schedule-conditional = Over this, while its condition holds
tablet-schedule-holds = on now
tablet-schedule-holds-not = does not hold
tablet-reason-meeting = Meeting
tablet-reason-guests = Guests
tablet-reason-works = Works
tablet-stays = Keep it until I take it back (else until the next slot)
tablet-tab-alarms = Alarms
tablet-alarms-flood = A flood of alarms: no takeover until fewer rise
tablet-alarms-no-rules = There are no rules
tablet-alarm-reason = Why an alarm is shelved
tablet-alarm-since = since { $time }
tablet-alarm-taken = { $by } has it since { $time }
tablet-alarm-shelved = shelved by { $by } until { $time }: { $reason }
tablet-alarm-unknown = no data: nobody knows
tablet-alarm-normal = normal
tablet-alarm-pending = about to rise
tablet-alarm-unacknowledged = nobody has it
tablet-alarm-acknowledged = taken
tablet-alarm-returned = over, nobody had it
tablet-alarm-first = rose first
tablet-alarm-action = What to do: { $action }
tablet-alarm-take = Take it
tablet-alarm-unshelve = Do not shelve any more
tablet-alarm-shelve-hour = Shelve for an hour
tablet-alarm-shelve-shift = For 8 hours
tablet-priority-high = high
tablet-priority-middle = middle
tablet-priority-low = low
tablet-tab-visit = Visit
tablet-tab-outputs = Outputs
tablet-tab-data = Data
tablet-on-air = On the wall: { $layout }
tablet-pressed-title = The wall shows only what is for everybody
tablet-press = Hide from press
tablet-press-long = Hide from press what is not for everybody
tablet-release = Hold to show all
tablet-release-long = Hold to show all again
tablet-back = Take down what is shown by hand
tablet-undo = Undo
tablet-done-under = Taken, but the wall shows something else for now: see the line above
tablet-health-old = Sources with old data: { $count }
tablet-health-dark = Outputs that are dark: { $count }
tablet-done = Done
tablet-refused = The wall has refused: { $why }
tablet-not-shown = The wall has not shown it yet
tablet-lost = The wall does not answer
tablet-lost-since = The wall has not answered since { $time }
tablet-no-picture = There is no picture now
tablet-wall-picture = The wall as it is now
tablet-search-layouts = Find a layout
tablet-search-maps = Find a municipality
tablet-nothing-found = Nothing was found
tablet-presets = { $layout }: presets
tablet-home = Usual view
tablet-region = The whole region
tablet-warnings = Early warnings
tablet-no-warnings = There are no warnings
tablet-warning-note = { $count } appeals in { $hours } h, usually { $expected }
tablet-no-data = There is no data yet
tablet-step = Step { $step } of { $steps }
tablet-left = { $time } left
tablet-over = { $time } over its time
tablet-behind = { $time } behind
tablet-ahead = { $time } ahead
tablet-on-time = on time
tablet-visit-ends = Will end at { $expected }, planned for { $planned }
tablet-catch-up = Catch up { $time }: { $what }
tablet-catch-up-skip = leave out { $steps }
tablet-catch-up-shorten = { $step } down to { $time }
tablet-as-rehearsed = As rehearsed again ({ $what })
tablet-detour-search = Show a municipality: three letters of its name
tablet-detour-show = Show “{ $name }” on the wall
tablet-detour-back = Back to the step
tablet-detour-now = The visit is elsewhere; step { $step }, “{ $title }”, waits and its clock stands still
tablet-then = Then: { $title }
tablet-last-step = This is the last step
tablet-previous = Previous step
tablet-forward = Next step
tablet-names-on = Show the names of outputs
tablet-names-off = Hide the names of outputs
tablet-output-picture = Output { $name }
tablet-output-dark = shows nothing: look at its power and its cable
tablet-source-well = “{ $name }”: all is well
tablet-source-well-note = data as of { $time }
tablet-source-old = “{ $name }”: the data is of { $time }
tablet-source-old-help = the source answers and brings nothing new: ask those who run it
tablet-source-lost = “{ $name }” has not answered since { $time }
tablet-source-lost-help = look at the network and the source; the wall shows the last data and asks again by itself
tablet-source-none = “{ $name }”: no data has come yet
tablet-source-none-help = if this lasts longer than a minute, tell the administrator
tablet-health-alarms = Alarms that wait for somebody: { $count }
tablet-health-well = Everything works
tablet-health-lost = Sources that do not answer: { $count }
tablet-no-outputs = No output is lit
tablet-me = You are { $name }, { $role }
tablet-role-viewer = a viewer
tablet-role-speaker = a speaker
tablet-role-operator = an operator
tablet-role-editor = an editor
tablet-role-admin = an administrator
tablet-other-language = По-русски
tablet-pair-title = Pair with the wall
tablet-pair-text = Give this tablet a name. The wall will show six digits for two minutes.
tablet-pair-read = The digits are on the wall. Read them and type them here.
tablet-pair-name = What this tablet is called
tablet-pair-default = Tablet
tablet-pair-ask = Show the digits on the wall
tablet-pair-digits = Six digits from the wall
tablet-pair-answer = Pair
tablet-pair-fingerprint = Under the digits on the wall stands the same: { $digits }
tablet-pair-wrong = These are not the digits, or pairing is switched off. Look at the wall again.
tablet-pair-ended = Its time is over, or there are no tries left. Ask for digits again.
tablet-pair-later = Another tablet is pairing now. Wait a moment.

ctl-pair-compare = Under the digits on the wall stands the same: { $digits }
ctl-pair-digits = The six digits on the wall:
ctl-paired = Paired. The token is in { $file }
ctl-pairing = { $digits }, for “{ $name }”
ctl-no-pairing = No pairing waits for its answer.
ctl-token = The token, told this once, valid until { $until }:
journal-whole = The journal is whole: { $records } records, the first is number { $first }
journal-broken = { $file }: { $why }

error-no-free-gpu = no GPU is free to paint it
error-pair-first = pair with this wall first: obzor ctl --wall URL pair
error-no-icalendar = this is no iCalendar file: { $why }
error-no-schedule = this wall has no schedule
error-no-slot = there is no slot `{ $name }`; { $help }
error-nothing-scheduled = nothing is scheduled that this could be done to
error-no-reason = say why: `reason` is missing
error-date = write a day, such as 2026-11-20
error-time-zone = write a time zone of the IANA database, such as Europe/Moscow
error-meeting-begin = it has no beginning
error-meeting-end = it has no end
error-meeting-long = it lasts longer than a day, or not at all
error-meeting-zone = its time zone, or its hour, does not exist
error-meeting-duration = its DURATION cannot be read
error-is-held = this slot is held: `follow` lets go of it
error-not-elsewhere = the visit is at its step
error-view-loopback = --view is an address of this machine alone: from elsewhere a wall is operated over TLS, by `listen` in [control] of --operation FILE
error-not-served = the wall cannot be served: choose another address
error-no-pairing-began = the wall began no pairing
error-no-token = the wall gave no token
error-no-authority = the wall's authority has no certificate
error-no-config-folder = neither XDG_CONFIG_HOME nor HOME says where the token is to be kept
error-no-address = no address

# The command line, where it is wrong.
error = error: { $what }
usage-error = error: { $what }
usage-more = For more, add --help
usage-no-value = `{ $argument }` lacks its value
usage-other-value = `{ $value }` is no value of `{ $argument }`: it is one of { $values }
usage-wrong-value = `{ $value }` is no value of `{ $argument }`: { $why }
usage-unknown-argument = there is no argument `{ $argument }`
usage-unknown-command = there is no command `{ $command }`
usage-no-command = a command is missing
usage-missing = missing: { $arguments }
usage-twice = `{ $argument }` is given twice
usage-conflict = `{ $argument }` and `{ $other }` do not go together
help-command-place = COMMAND
help-options-place = [OPTIONS]
place-file = FILE
place-name = NAME
place-address = ADDR
place-url = URL
place-time = TIME
place-seconds = SECONDS
place-number = N
place-times = X
place-size = WxH
place-condition = CONDITION
place-field = F
place-language = LANGUAGE
place-seed = SEED
place-theme = THEME
place-format = FORMAT

# What the program says as it runs.
outputs-none = no display session, and no display is connected
outputs-no-edid = no EDID
demo-served = The demo region: http://{ $address }/v1/region (the API: /openapi.json)
saved-run-sheet-stays = the run sheet stays as it was
saved-operation-stays = how the wall is operated stays as it was
saved-wall-stays = the wall stays as it was
saved-layout-stays = the layout stays as it was
served-view = The tablet’s page and the wall on this machine: http://{ $address }/
served-tablet = The tablet’s page: { $link }

# Why something is on the wall.
by-start = at the start
by-keyboard = the keyboard
by-loopback = this machine
by-socket = an administrator on this machine
by-file = a saved file
by-run-sheet = by its time
by-clock = by the clock
plan-every-day = every day
plan-workday = working day
plan-weekend = weekend
plan-holiday = holiday
plan-moved = working day (moved)
plan-weekday = by the day of the week
plan-dated = by the date
plan-nothing = nothing is scheduled
plan-no-slot = —
plan-over = {"; over: "}{ $names }
plan-skipped = {"; skipped on request"}
plan-conditional = Over this, while its condition holds:
plan-holds = {" — holds now"}
by-schedule = the schedule
alarm-same-name = two [[alarm]] are called `{ $name }`
alarm-same-name-help = give each a name of its own: by it an alarm is taken and shelved
alarm-no-name = an [[alarm]] has no name
alarm-no-name-help = write name, such as name = "heating"
alarm-no-action = it is not said what to do: without an action it is no alarm
alarm-no-action-help = write action = {"{"} ru = "Позвонить в ЕДДС, 112", en = "Call the duty desk, 112" {"}"}
alarm-for-secs = an alarm waits by `after_secs`, not by `for_secs` in `when`
alarm-for-secs-help = write after_secs = 120 beside `when`
alarm-secs = this alarm cannot wait so long, or be told again so soon
alarm-secs-help = after_secs and clear_after_secs are 0 to 86400, repeat_after_secs is 60 to 86400
alarm-no-data = no_data = "alarm" takes after_secs of 60 or more: a wall that has just started knows nothing yet
alarm-no-data-help = write after_secs = 120, or leave no_data out
alarm-takeover-secs = a takeover cannot last so long
alarm-takeover-secs-help = write at_most_secs from 10 to 28800
alarm-no-takeover = an alarm of priority `high` takes the wall over, and this one does not say with what: `takeover` is missing
alarm-no-takeover-help = write takeover = {"{"} layout = "alarms" {"}"}, or priority = "middle"
alarm-takeover = only an alarm of priority `high` takes the wall over
alarm-takeover-help = write priority = "high", or leave takeover out
alarm-notify = there is no [[notify]] `{ $name }`
notify-name = a [[notify]] takes a name of its own: `{ $name }`
notify-name-help = write name = "duty", and each name once
notify-way = it is not clear how somebody is told
notify-way-help = write one of: webhook = {"{"} url = "https://…", secret = {"{"} env = "NAME" {"}"} {"}"}; email = {"{"} server = "smtps://mail", from = "…", to = ["…"] {"}"}; command = ["/usr/local/bin/call"]
alarms-title = Alarms
alarms-none = No alarm stands
alarms-no-rules = There are no rules of alarms
alarms-blind = No data for: { $names }
alarms-waiting = { $count ->
     [one] { $count } waits for somebody
    *[other] { $count } wait for somebody
}
alarms-since = since { $time }
alarms-first = {" · first"}
alarms-more = { $count } more
alarms-nobody = nobody has it
alarms-taken = { $by }, since { $time }
alarms-shelved = shelved by { $by } until { $time }
alarms-returned = over by itself
alarms-flood = A flood of alarms
alarms-flood-action = Look at the tablet: more rise than can be shown
alarm-stands-normal = normal
alarm-stands-pending = about to rise
alarm-stands-unacknowledged = STANDS, nobody has it,
alarm-stands-acknowledged = stands, taken
alarm-stands-returned = over, nobody had it
alarm-stands-unknown = unknown: no data
ctl-shelved = shelved by { $by } until { $time }: { $reason }
notice-rose = Alarm: { $title } ({ $wall })
notice-repeated = Still: { $title } ({ $wall })
notice-cleared = Over: { $title } ({ $wall })
notice-test = Trial: { $title } ({ $wall })
notice-action = What to do: { $action }
notice-test-title = Whether this is heard is tried
notice-test-because = Nothing has happened
notice-test-action = Nothing
alarms-test-heard = `{ $name }` has heard
alarms-test-not-heard = `{ $name }` has not heard: { $why }
alarms-try-machine = this is watched of the machine: there is no history of it here, give --journal FILE
alarms-try-nothing = nothing was sampled
alarms-try-found = in { $days } days it would have risen { $rises } times, { $rate } a day; takeover { $minutes } min; chatter { $chatter }; nights woken { $nights }
alarms-try-unknown = for { $share } % of the time the number was not known
alarms-try-bursts = of { $bursts } known bursts { $seen } were hit, { $missed } missed, half of them within { $median } min; { $vain } rises without a burst
alarms-try-proposal = better: above = { $above }, clear = { $clear }
alarms-try-no-proposal = no threshold keeps it under two takeovers a day without chatter: a longer after_secs may
by-alarm = an alarm
layout-alarms = Alarms
help-alarms = Tries the rules of alarms over history, and those who are told
help-alarms-try = Runs the rules of a file over history: how often each would have risen, and what would be better
help-alarms-try-days = Over so many of the last days
help-alarms-try-every = A look at the data every so many seconds
help-alarms-try-journal = The history that a wall has sampled: its journal; by default that of the demo region
help-alarms-test = Tells somebody of a trial, once, and says whether it was heard
help-alarms-test-name = Who is told: the name of a [[notify]]
help-ctl-alarms = Lists the alarms
help-ctl-ack = Takes an alarm: its takeover ends, the alarm does not
help-ctl-ack-alarm = The name of its rule
help-ctl-shelve = Lets an alarm disturb nobody for a while
help-ctl-shelve-secs = For this many seconds: a minute to eight hours
help-ctl-unshelve = Lets a shelved alarm disturb again
place-alarm = ALARM
error-no-alarm = there is no alarm `{ $name }`; { $help }
error-nothing-to-acknowledge = nobody has to take this alarm
error-no-such-shelf = an alarm is shelved for 60 seconds to 8 hours
error-not-shelved = this alarm is not shelved
error-notice-no-answer = there is no answer
error-notice-answer = the answer is { $status }
error-notice-start = the program does not start: { $why }
error-notice-ended = the program ended with { $status }: { $why }
error-no-alarms-in = there is no [[alarm]] in { $file }
error-no-notify = there is no [[notify]] `{ $name }`; { $help }
why-default = By default
why-schedule = The schedule shows this
why-visit = A step of the visit
why-hand = Shown by hand
why-alarm = An alarm took over
why-press = The press key is pressed
why-shows = { $what }: “{ $layout }”
why-by = {" "}({ $by }, since { $time })
why-step = , “{ $reason }”
why-reason = , because: { $reason }
why-until = , until { $time }
why-next = Under it: { $what }

# `obzor ctl`.
help-ctl = Operates a running wall
help-ctl-wall = The wall's address or socket; by default the wall of this machine
help-ctl-json = Answers as the wall gives them, in JSON
help-ctl-state = Says what is on the wall
help-ctl-why = Says why it is on the wall, and what comes next
help-ctl-show = Shows a layout by hand
help-ctl-layout = The layout: a built-in name, NAME/PRESET, or a file on the wall's machine
help-ctl-look-at = The municipality that its maps look at
help-ctl-reason = Why, for the journal
help-ctl-back = Takes back what is shown by hand
help-ctl-next = Goes to the next step of the visit
help-ctl-previous = Goes to the previous step of the visit
help-ctl-look = Lets maps look at a municipality, or at `home` or `region`
help-ctl-where = Where
help-ctl-press = Hides what is not for everybody: the press is in the room
help-ctl-release = Shows again what there is
help-ctl-identify = Shows the names of outputs
help-ctl-off = Hides them again
help-ctl-journal = Lists the last orders, the newest first
help-ctl-limit = No more than this many
ctl-refused = refused: { $why }
place-date = DATE
place-zone = ZONE
place-slot = SLOT
place-ics = FILE.ics
meetings-found = { $count } meetings in the next { $days } days; append the tables to operation.toml
place-role = ROLE
place-id = ID
place-shell = SHELL
place-text = TEXT
