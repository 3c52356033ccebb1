using System.Diagnostics;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Hosting.Logs.Filtering;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class FilterPatternTests
{
    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("  ", "anything", true)]
    [InlineData("ERROR", "[ERROR 400] BAD REQUEST", true)]
    [InlineData("ERROR", "error 400", false)]
    [InlineData("ERROR ARGUMENTS", "ERROR: bad ARGUMENTS", true)]
    [InlineData("ERROR ARGUMENTS", "ERROR: bad", false)]
    [InlineData("?ERROR ?WARN", "WARN: x", true)]
    [InlineData("?ERROR ?WARN", "INFO: x", false)]
    [InlineData("ERROR -ARGUMENTS", "ERROR: x", true)]
    [InlineData("ERROR -ARGUMENTS", "ERROR: ARGUMENTS", false)]
    [InlineData("-ERROR", "fine", true)]
    [InlineData("\"out of memory\"", "killed: out of memory.", true)]
    [InlineData("\"out of memory\"", "out of disk and memory", false)]
    [InlineData("-\"out of\" memory", "memory low", true)]
    [InlineData("?\"a b\" ?\"c d\"", "xc dx", true)]
    [InlineData("\"say \\\"hi\\\"\"", "say \"hi\"", true)]
    [InlineData("ERROR \"exit-code: 1\"", "ERROR exit-code: 1", true)]
    [InlineData("%[Ee]rror [0-9]+%", "an error 42", true)]
    [InlineData("%^error%", "an error", false)]
    [InlineData("straße_1", "die straße_1", true)]
    public void Terms_match_as_documented(string pattern, string message, bool expected) =>
        FilterPattern.Parse(pattern).Matches(message).Should().Be(expected);

    [Theory]
    [InlineData("""{ $.level = "error" }""", true)]
    [InlineData("""{ $.level = error }""", true)]
    [InlineData("""{ $.level = "warn" }""", false)]
    [InlineData("""{ $.level != "warn" }""", true)]
    [InlineData("""{ $.level = "err*" }""", true)]
    [InlineData("""{ $.level = *rr* }""", true)]
    [InlineData("""{ $.level = "*x*" }""", false)]
    [InlineData("""{ $.code = 503 }""", true)]
    [InlineData("""{ $.code = 5.03e2 }""", true)]
    [InlineData("""{ $.code != 503 }""", false)]
    [InlineData("""{ $.code > 500 }""", true)]
    [InlineData("""{ $.code >= 503 }""", true)]
    [InlineData("""{ $.code < 503 }""", false)]
    [InlineData("""{ $.code <= 503 }""", true)]
    [InlineData("""{ $.code = 5* }""", true)]
    [InlineData("""{ $.code = 4* }""", false)]
    [InlineData("""{ $.level > 5 }""", false)]
    [InlineData("""{ $.missing = 1 }""", false)]
    [InlineData("""{ $.missing != 1 }""", false)]
    [InlineData("""{ $.missing NOT EXISTS }""", true)]
    [InlineData("""{ $.level NOT EXISTS }""", false)]
    [InlineData("""{ $.nothing IS NULL }""", true)]
    [InlineData("""{ $.level IS NULL }""", false)]
    [InlineData("""{ $.ok IS TRUE }""", true)]
    [InlineData("""{ $.ok is false }""", false)]
    [InlineData("""{ $.a.b[0].c = "deep" }""", true)]
    [InlineData("""{ $.a.b[1].c = "deep" }""", false)]
    [InlineData("""{ $.a.b[9].c = "deep" }""", false)]
    [InlineData("""{ $.a.b[*].c = "deeper" }""", true)]
    [InlineData("""{ $.['odd key'] = 1 }""", false)]
    [InlineData("""{ $['odd key'] = 1 }""", true)]
    [InlineData("""{ ($.level = "error") && ($.code = 1) }""", false)]
    [InlineData("""{ ($.level = "error") && ($.code = 503) }""", true)]
    [InlineData("""{ $.level = "x" || $.code = 503 && $.ok IS TRUE }""", true)]
    [InlineData("""{ ($.level = "x" || $.code = 503) && $.ok IS FALSE }""", false)]
    [InlineData("""{($.level="error")&&(($.code=1)||($.code=503))}""", true)]
    [InlineData("""{ $.level = %^err% }""", true)]
    [InlineData("""{ $.level != %^err% }""", false)]
    public void Json_patterns_match_as_documented(string pattern, bool expected)
    {
        if (pattern.Contains("$.[", StringComparison.Ordinal))
        {
            FluentActions.Invoking(() => FilterPattern.Parse(pattern)).Should().Throw<LogsException>();
            return;
        }

        const string Message =
            """ {"level":"error","code":503,"ok":true,"nothing":null,"odd key":1,"a":{"b":[{"c":"deep"},{"c":"deeper"}]}} """;
        FilterPattern.Parse(pattern).Matches(Message).Should().Be(expected);
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("{ not json")]
    [InlineData("")]
    [InlineData("\"level\"")]
    [InlineData("""{"level":"\ud800"}""")]
    public void A_message_that_is_not_a_JSON_object_matches_no_JSON_pattern(string message)
    {
        FilterPattern.Parse("""{ $.level = "error" }""").Matches(message).Should().BeFalse();
        FilterPattern.Parse("""{ $.level != "error" }""").Matches(message).Should().BeFalse();
    }

    [Theory]
    [InlineData("{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'")]
    [InlineData("{", "If a filter pattern starts with '{' it must end with '}'")]
    [InlineData("a/b", "Invalid character(s) in term 'a/b'")]
    [InlineData("!(", "Invalid character(s) in term '!('")]
    [InlineData("-", "Invalid character(s) in term ''")]
    [InlineData("\"\"", "Invalid character(s) in term '\"\"'")]
    [InlineData("\"open", "Invalid filter pattern*")]
    [InlineData("{}", "Invalid filter pattern*")]
    [InlineData("{ $.a }", "Invalid filter pattern*")]
    [InlineData("{ $.a = }", "Invalid filter pattern*")]
    [InlineData("{ $.a > x }", "Invalid filter pattern*")]
    [InlineData("{ $.a = 1 && }", "Invalid filter pattern*")]
    [InlineData("{ ($.a = 1 }", "Invalid filter pattern*")]
    [InlineData("{ $.a = 1) }", "Invalid filter pattern*")]
    [InlineData("{ $.a[x] = 1 }", "Invalid filter pattern*")]
    [InlineData("{ $.a[99999999999] = 1 }", "Invalid filter pattern*")]
    [InlineData("{ $. = 1 }", "Invalid filter pattern*")]
    [InlineData("{ $.a IS MAYBE }", "Invalid filter pattern*")]
    [InlineData("{ $.a NOT }", "Invalid filter pattern*")]
    [InlineData("{ a = 1 }", "Invalid filter pattern*")]
    [InlineData("%(a)%", "Invalid filter pattern*")]
    [InlineData("%[%", "Invalid filter pattern*")]
    [InlineData("%\\1%", "Invalid filter pattern*")]
    [InlineData("[ip, user]", "Invalid filter pattern*")]
    [InlineData("[ip", "If a filter pattern starts with '[' it must end with ']'")]
    public void A_malformed_pattern_is_refused(string pattern, string message) =>
        FluentActions.Invoking(() => FilterPattern.Parse(pattern)).Should().Throw<LogsException>()
            .WithMessage(message).Which.Code.Should().Be("InvalidParameterException");

    [Fact]
    public void A_pattern_of_nothing_but_parentheses_is_refused() =>
        FluentActions.Invoking(() => FilterPattern.Parse("{" + new string('(', 1_000) + "}")).Should().Throw<LogsException>();

    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab*")]
    public void Wildcards_do_not_backtrack(string wildcard)
    {
        var pattern = FilterPattern.Parse($$"""{ $.x = "{{wildcard}}" }""");
        var started = Stopwatch.GetTimestamp();

        pattern.Matches($$"""{"x":"{{new string('a', 900_000)}}"}""").Should().BeFalse();

        // Backtracking would take years; the limit is generous for slow machines.
        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("a+a+a+a+a+a+a+a+a+a+a+b")]
    [InlineData("[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*!")]
    [InlineData("a{900}a{900}a{900}b")]
    public void Regular_expressions_do_not_backtrack(string regex)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            FilterPattern.Parse($"%{regex}%").Matches(new string('a', 200_000)).Should().BeFalse();
        }
        catch (LogsException)
        {
            // A refusal is fine as well.
        }

        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(10));
    }
}
