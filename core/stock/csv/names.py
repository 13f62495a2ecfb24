"""Names of columns, as `normalised` returns them, in the languages of the files."""

import re

from core.table import listed

DATE = listed(
    """date, datetime, date time, trade date, trading date, trading day, day,
    observation date, timestamp, time, open time, opentime, unix, unix timestamp,
    unix time, time period, caldt, pricing date, value date, datum, fecha, data,
    date de séance, tarih, dato, päivämäärä, дата, 日付, 日付け, 日期, 交易日期,
    날짜, 일자"""
)
YEARS = listed("year, years, yr, jahr, année, año, ano, anno, jaar, rok, год, 年, 연도")
MONTHS = listed("month, mon, mo, mnth, monat, mois, mes, mese")
QUARTERS = listed("quarter, qtr, quartal, trimestre")
WEEKS = listed("week, wk, woche, semaine, semana")
PERIODS = (*YEARS, *MONTHS, *QUARTERS, *WEEKS, *listed("year month, yyyymm, period"))
TIMES = listed("time, hour, uhrzeit, zeit, heure, hora, ora, 时间, 時刻, 시간")
ADJUSTED = listed(
    """adj close, adjusted close, adjclose, close adj, close adjusted,
    adj closing price, adjusted closing price, adj price,
    adj close adjusted close price adjusted for splits and dividend and or capital
    gain distributions, 調整後終値, 调整后收盘价"""
)
CLOSE = listed(
    """close, close last, close price, closing price,
    close close price adjusted for splits, price, last, last price, px last, px close,
    trade close, last traded price, price close, official close, share price,
    stock price, settle, settlement price, settle price, nav, net asset value,
    schlusskurs, schluss, kurs, zuletzt, schlusspreis, cierre, último, ultimo, precio,
    dernier, clôture, clot, cloture, cours, chiusura, prezzo, fechamento, preço,
    slotkoers, koers, laatste, zamkniecie, zamknięcie, kapanış, şimdi, senast, sista,
    siste, slutkurs, lukkekurs, цена, закрытие, 終値, 收盘价, 收盘, 收盤價, 종가"""
)
SYMBOL = listed(
    """symbol, ticker, name, stock, code, instrument, asset, coin, permno, permco,
    gvkey, cusip, isin, ric"""
)
# Before the securities in a row above the names of their columns.
SECURITIES = (
    *("", *SYMBOL),
    *listed("security, securities, tickers, symbols, identifier, date, dates"),
)
CURRENCIES = listed("currency, ccy, währung, devise, moneda")
NO_PRICE = re.compile(
    r"vol|volume|volume .*|.* volume|vol .*|turnover|amount|change|change .*|chg.*"
    r"|number of trades|trades|count|dividends?|stock splits|capital gains|index|id"
    r"|unnamed .*|close time|ignore|openint|taker .*|per|currency|market ?cap.*"
)
RETURNS = re.compile(
    r"(.* )?(returns?|ret|rets|rendite|rendement|pct|percent|chg|performance)( .*)?"
    r"|.*change.*|pct_?change|log_?ret.*"
)
LOGS = re.compile(r"(.* )?(ln|logs?)( .*)?|log ?price.*|log ?close.*")
