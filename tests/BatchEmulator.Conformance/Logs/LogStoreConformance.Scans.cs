using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    private static LogScanQuery All => new(Jobs, LogPosition.Start, LogPosition.End);

    [Fact]
    public void Scan_interleaves_streams_by_time()
    {
        Append("a", "a0", "a1", "a2");
        Append("b", "b0", "b1", "b2");

        Scan().Select(item => item.Stream + item.Message).Should().Equal("aa0", "bb0", "aa1", "bb1", "aa2", "bb2");
        Scan(All with { Streams = ["b", "a"] }).Select(item => item.Message).Should().Equal("a0", "b0", "a1", "b1", "a2", "b2");
        Scan(All with { Streams = ["b", "b", "none"] }).Select(item => item.Message).Should().Equal("b0", "b1", "b2");
        Scan(All with { Streams = [] }).Should().BeEmpty();
        Scan(All with { Group = Jobs with { Name = "none" } }).Should().BeEmpty();
    }

    [Fact]
    public void Scan_of_a_prefix_selects_streams()
    {
        Append("job/1", "1");
        Append("job/2", "2");
        Append("jobs", "3");
        Append("JOB/3", "4");

        Scan(All with { StreamPrefix = "job/" }).Select(item => item.Message).Should().Equal("1", "2");
        Scan(All with { StreamPrefix = "x" }).Should().BeEmpty();
        Scan(All with { StreamPrefix = "job/", Streams = ["jobs", "job/2"] }).Select(item => item.Message).Should().Equal("2");
    }

    [Fact]
    public void Scan_of_a_prefix_of_very_many_streams_reports_its_position()
    {
        const int count = 250;
        for (var i = 0; i < count; i++)
        {
            Append($"job/{i:D4}", $"{i}");
            Append($"other/{i:D4}", "other");
        }

        var steps = Store.Read(snapshot => snapshot.Scan(All with { StreamPrefix = "job/" }).ToList());

        steps.Select(step => step.Event?.Message).OfType<string>().Should().Equal(Enumerable.Range(0, count).Select(i => $"{i}"));
        steps.Select(step => step.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        steps.Should().OnlyContain(step => step.Event == null || step.Event.Position == step.Position);
    }

    [Fact]
    public void Scan_continues_from_any_step()
    {
        Append("a", [.. Enumerable.Range(0, 25).Select(i => $"a{i}")]);
        Append("b", [.. Enumerable.Range(0, 25).Select(i => $"b{i}")]);
        foreach (var query in (LogScanQuery[])[All, All with { Streams = ["a", "b"] }, All with { StreamPrefix = "b" }])
        {
            var (whole, pages) = (Scan(query), new List<LogEvent>());
            var rest = query;
            while (Store.Read(snapshot => snapshot.Scan(rest).Take(7).ToList()) is { Count: > 0 } page)
            {
                pages.AddRange(page.Select(step => step.Event).OfType<LogEvent>());
                rest = rest with { After = page[^1].Position };
            }

            pages.Should().Equal(whole);
        }
    }
}
