# What R says about the data sets of the figures' tests. Makes test/figures/expected.json:
#
#   apt-get install -y --no-install-recommends r-base-core r-cran-survival
#   Rscript test/figures/expected.R > test/figures/expected.json
#
# The versions that made the committed file stand in it. aml, lung, ovarian and veteran are data sets of the survival package.
suppressWarnings(suppressMessages(library(survival)))

shares <- c(0, 0.05, 0.1, 0.25, 1/3, 0.4, 0.5, 0.53, 0.54, 0.6, 0.75, 0.9, 0.95, 1)

number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
list_of <- function(x) paste0("[", paste(number(x), collapse = ","), "]")
text <- function(x) paste0('"', x, '"')
object <- function(...) { fields <- c(...); paste0("{", paste0(text(names(fields)), ":", fields, collapse = ","), "}") }

asked <- function(name, days, event, confidence = 0.95) {
  fit <- survfit(Surv(days, event) ~ 1, conf.type = "log", conf.int = confidence)
  of <- summary(fit, censored = TRUE)
  read <- quantile(fit, shares)
  object(
    name = text(name), confidence = number(confidence), days = list_of(days), event = list_of(as.integer(event)),
    curve = object(days = list_of(fit$time), atRisk = list_of(fit$n.risk), events = list_of(fit$n.event), censored = list_of(fit$n.censor),
      survival = list_of(fit$surv), standardError = list_of(of$std.err), low = list_of(fit$lower), high = list_of(fit$upper)),
    quantiles = object(share = list_of(shares), days = list_of(read$quantile), low = list_of(read$lower), high = list_of(read$upper)))
}

set.seed(5)
waited <- round(rexp(150, 1 / 60), 2)
watched <- round(runif(150, 0, 120), 2)

sets <- c(
  asked("lung by month: many ties, censored with events", ceiling(lung$time / 30), lung$status == 2),
  asked("aml: the upper limit rises again", aml$time, aml$status == 1),
  asked("ovarian: more than half censored, the last too", ovarian$futime, ovarian$fustat == 1),
  asked("veteran: the last is an event", veteran$time, veteran$status == 1),
  asked("veteran at 80 %", veteran$time, veteran$status == 1, 0.8),
  asked("three quarters and half exactly, censored before the next event", c(1, 2, 3, 4, 5, 9, 11, 12), c(1, 1, 1, 1, 0, 1, 1, 0)),
  # In binary the products end at 0.5 - 1.1e-16 and 0.5 + 1.1e-16.
  asked("half but for the last bit, below", 1:12, rep(1, 12)),
  asked("half but for the last bit, above", 1:24, rep(1, 24)),
  asked("tenths", 1:10, rep(1, 10)),
  asked("half at the last event, then only censored", c(1, 2, 3, 4, 7, 9), c(1, 1, 1, 0, 0, 0)),
  asked("times that are equal but for rounding", c(0.1 + 0.2, 0.3, 5, 5 + 1e-8, 5 + 2e-8, 7.3, 7.3 * (1 + 1e-9), 100, 100 + 5e-7, 200), c(1, 0, 1, 0, 1, 0, 1, 0, 1, 1)),
  asked("at the very start", c(0, 0, 0, 3, 4, 8), c(1, 0, 1, 1, 0, 1)),
  asked("censored by chance", pmin(waited, watched), waited <= watched),
  asked("all censored", c(3, 1, 4, 1, 5), rep(0, 5)),
  asked("one event", 12.5, 1),
  asked("one censored", 12.5, 0))

score <- function(k, n, confidence) object(k = number(k), n = number(n), confidence = number(confidence), limits = list_of(prop.test(k, n, correct = FALSE, conf.level = confidence)$conf.int))
scores <- suppressWarnings(c(score(81, 263, 0.95), score(15, 148, 0.95), score(0, 20, 0.95), score(1, 29, 0.95), score(20, 20, 0.95), score(4, 25, 0.8), score(7, 9, 0.99), score(1, 1, 0.95)))

cycle <- c(3.5, 1, 4, 1.25, 5, 9, 2, 6, 5, 3.5, 8)
plain <- function(values) object(values = list_of(values), share = list_of(shares), type7 = list_of(quantile(values, shares, type = 7)))

levels <- c(0.01, 0.5, 0.8, 0.84, 0.86, 0.9, 0.95, 0.99, 0.999, 1 - 1e-9, 1 - 1e-12)

cat(object(
  made = object(by = text("Rscript test/figures/expected.R > test/figures/expected.json"), R = text(R.version.string), survival = text(packageVersion("survival"))),
  sets = paste0("[\n", paste(sets, collapse = ",\n"), "\n]"),
  scores = paste0("[\n", paste(scores, collapse = ",\n"), "\n]"),
  plain = paste0("[\n", paste(c(plain(cycle), plain(7), plain(c(2, 1))), collapse = ",\n"), "\n]"),
  deviates = object(confidence = list_of(levels), z = list_of(qnorm((1 - levels) / 2, lower.tail = FALSE)))), "\n", sep = "")
