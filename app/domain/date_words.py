"""The words and forms that printed due dates are made of, as parts of regular expressions.

Words that could change a date are never skipped as wording around it: better unread than misread.
"""

import re

LONGEST_MONTH = 31
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEASONS = ("autumn", "spring", "summer")
ONE_SPELLING = {ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"} | {
    ord(mark): "'" for mark in "\u2018\u2019\u02bc`"
}
MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
SEASON = "(?:autumn|spring|summer)"
YEAR = "(?:[0-9]{4}|'?[0-9]{2})"
DAY_TH = "[0-9]{1,2}(?:st|nd|rd|th)"
DAY_NO = f"(?:{DAY_TH}|[0-9]{{1,2}})"
MONTH_YEAR = f"{MONTH}[ ,/-]{{0,2}}{YEAR}"
MAYBE_YEAR = f"{MONTH}(?:[ ,/-]{{0,2}}{YEAR})?"
DATE_WORD = (
    f"(?:{MONTH}|{SEASON}|phase|term|weeks?|half|early|mid|late|start[a-z]*|begin[a-z]*|commenc[a-z]*|ends?"
    "|before|after|from|since|until|till|between|on-?going|onwards?"
    "|not|or|unless|except|if|each|every|moved|postponed|cancelled|was|tbc)"
)
WORDS = rf"(?:(?!{DATE_WORD}\b)[a-z][a-z0-9'&,()+-]* |& )*"
EVENT = "(?:training days?|inset(?: days?)?|twilights?|reviews?|meetings?|learning walks?|(?:open|parents'?) evenings?)"
LEAD = rf"(?:{WORDS}(?:by|in|on|due|during|within|for|no later than|-)(?: the)? |before (?:the )?(?=end of ))?"
TAIL = rf"(?: (?:ready )?for(?: {WORDS}(?:{MONTH_YEAR}|[a-z]+))?)?"
NTH = "(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|last)"
WEEK = rf"(?:(?:week [1-5]|{NTH} week)(?: in| of)?|early|mid|late)[ -]"
EDGE = "(?:(?P<edge>start|beginning|end) of (?:the )?)?"
CODE = rf"(?P<year>{YEAR})(?:[/-](?P<code_end>[0-9]{{2}}|20[0-9]{{2}}))?"
AND = "(?: ?, ?(?:and )?| and | ?[&/+] ?)"
TO = "(?: ?- ?| to )"
TWO_TERMS = f"(?P<first>{SEASON})(?: terms?)?(?: (?P<first_year>{YEAR}))?(?:{AND}|{TO})(?P<second>{SEASON})(?: terms?)?"
DAY = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
WEEKDAY = "(?:(?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?),? )?"
SEP = "[ ,/-]{0,3}"
GROUP = f"({MAYBE_YEAR})"
MONTH_ITEM = re.compile(rf"({MONTH})(?:[ ,/-]{{0,2}}({YEAR})(?![0-9]))?")
NAMED = f"(?:{MONTH}|{SEASON})(?: term)?"
HALF_TERM = rf"(?:(?:{NAMED}|first|second) )*half[ -]?term(?: [1-6])?(?:,? 20[0-9]{{2}}(?:[/-](?:20)?[0-9]{{2}})?)?"
CADENCE = "(?:daily|weekly|fortnightly|monthly|quarterly|half[ -]?termly|termly|annual(?:ly)?|yearly)"
PERIOD = "(?:day|week|fortnight|month|quarter|half[ -]?term|term|year)"
