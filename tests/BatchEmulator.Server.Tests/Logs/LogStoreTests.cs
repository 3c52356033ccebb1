using System.Text;
using BatchEmulator.Hosting.Output;
using BatchEmulator.Storage.Sqlite.Database;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class LogStoreTests
{
    [Fact]
    public async Task Appended_lines_are_readable_after_a_flush_in_the_order_of_writing()
    {
        await using var host = new LogsHost();

        await host.WriteAsync(JobStream, [.. Enumerable.Range(0, 5_000).Select(i => $"line {i}")]);

        (await host.GetAsync("""
            "startFromHead":true
            """)).Messages.Should().Equal(Enumerable.Range(0, 5_000).Select(i => $"line {i}"));
    }

    [Fact]
    public async Task Lines_of_one_millisecond_keep_their_order_and_get_different_ids()
    {
        await using var host = new LogsHost();
        foreach (var line in (string[])["a", "b", "c"])
        {
            await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, line);
        }

        await host.Store.FlushAsync();

        var page = await host.FilterAsync();
        page.Messages.Should().Equal("a", "b", "c");
        page.Ids.Should().OnlyHaveUniqueItems().And.AllSatisfy(id => id.Should().MatchRegex("^[0-9]{56}$"));
        (await host.FilterAsync()).Ids.Should().Equal(page.Ids);
    }

    [Fact]
    public async Task A_line_with_an_earlier_time_stays_behind_the_line_before_it()
    {
        await using var host = new LogsHost();
        await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "first");
        await host.Store.AppendAsync(new(Here, Group, JobStream), Noon.AddMilliseconds(-5), "second");
        await host.Store.FlushAsync();

        (await host.GetAsync()).Messages.Should().Equal("first", "second");
    }

    [Fact]
    public async Task Counting_includes_everything_appended_before()
    {
        await using var host = new LogsHost();
        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(0);
        for (var i = 0; i < 300; i++)
        {
            await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "x");
        }

        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(300);
    }

    [Fact]
    public async Task An_empty_line_is_counted_but_makes_no_event()
    {
        await using var host = new LogsHost();

        await host.WriteAsync(JobStream, "a", "", "b");

        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(3);
        (await host.GetAsync()).Messages.Should().Equal("a", "b");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("ä")]
    [InlineData("漢")]
    [InlineData("😀")]
    [InlineData("a😀")]
    public async Task A_line_that_is_too_long_is_split_and_counted_once(string unit)
    {
        await using var host = new LogsHost();
        var line = string.Concat(Enumerable.Repeat(unit, (OutputLimits.MaximumLineBytes * 2 / Encoding.UTF8.GetByteCount(unit)) + 100));

        await host.WriteAsync(JobStream, line);

        // Each page holds at most 1 MiB, so all parts fit into one.
        var parts = (await host.GetAsync()).Messages;
        parts.Should().HaveCount(3);
        parts.Should().AllSatisfy(part => Encoding.UTF8.GetByteCount(part).Should().BeLessThanOrEqualTo(OutputLimits.MaximumLineBytes));
        string.Concat(parts).Should().Be(line);
        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(1);
    }

    [Fact]
    public async Task Control_characters_survive()
    {
        await using var host = new LogsHost();

        await host.WriteAsync(JobStream, "a\0b\u001b[31mred\u001b[0m\t\"\\", "lone \ud800 half");

        (await host.GetAsync()).Messages.Should().Equal("a\0b\u001b[31mred\u001b[0m\t\"\\", "lone \ufffd half");
    }

    [Fact]
    public async Task Many_jobs_writing_at_once_lose_nothing()
    {
        await using var host = new LogsHost();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(job => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                // A few long ones among them take the permits for large writes.
                await host.Store.AppendAsync(
                    new(Here, Group, $"job-{job}"), Noon.AddMilliseconds(i), i % 100 == 0 ? new string('x', 10_000) : $"{i}");
            }
        })));

        for (var job = 0; job < 20; job++)
        {
            (await host.Store.CountAsync(new(Here, Group, $"job-{job}"))).Should().Be(500);
        }
    }

    [Fact]
    public async Task Flushed_lines_survive_a_kill()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a", "b", "c");

        // The files after a kill: the database and its write-ahead log as they are now, without closing them.
        var left = Directory.CreateTempSubdirectory("logs-killed-").FullName;
        foreach (var file in (string[])["logs.db", "logs.db-wal"])
        {
            File.Copy(Path.Combine(host.Folder, file), Path.Combine(left, file));
        }

        await using (var again = new LogsHost(left))
        {
            (await again.GetAsync()).Messages.Should().Equal("a", "b", "c");
            (await again.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(3);
            await again.WriteAsync(JobStream, "d");
            var ids = (await again.FilterAsync()).Ids;
            ids.Should().HaveCount(4).And.OnlyHaveUniqueItems();
        }

        Directory.Delete(left, recursive: true);
    }

    [Fact]
    public async Task Disposing_stores_queued_writes()
    {
        var folder = Directory.CreateTempSubdirectory("logs-").FullName;
        await using (var host = new LogsHost(folder))
        {
            for (var i = 0; i < 1_000; i++)
            {
                await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "x");
            }
        }

        await using (var again = new LogsHost(folder))
        {
            (await again.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(1_000);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Store_is_empty_and_usable_after_deleting_everything()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");

        await host.Store.RemoveAllAsync();

        (await host.CallAsync("DescribeLogGroups", "{}")).Json.GetProperty("logGroups").GetArrayLength().Should().Be(0);
        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(0);
        await host.WriteAsync(JobStream, "b");
        (await host.GetAsync()).Messages.Should().Equal("b");
    }

    [Fact]
    public async Task Scopes_share_nothing()
    {
        await using var host = new LogsHost();
        var elsewhere = Here with { Region = "eu-central-1" };
        var another = Here with { Account = "999999999999" };
        await host.WriteAsync(JobStream, "here");
        await host.Store.AppendAsync(new(elsewhere, Group, JobStream), Noon, "elsewhere");
        await host.Store.FlushAsync();

        (await host.GetAsync()).Messages.Should().Equal("here");
        (await host.CallAsync("FilterLogEvents", """{"logGroupName":"/aws/batch/job"}""", elsewhere)).Json
            .GetProperty("events").EnumerateArray().Should().ContainSingle(e => e.GetProperty("message").GetString() == "elsewhere");
        (await host.CallAsync("FilterLogEvents", """{"logGroupName":"/aws/batch/job"}""", another)).Type.Should().Be("ResourceNotFoundException");
        await host.OkAsync("DeleteLogGroup", """{"logGroupName":"/aws/batch/job"}""", elsewhere);
        (await host.GetAsync()).Messages.Should().Equal("here");
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_kept_and_a_new_one_is_created()
    {
        var folder = Directory.CreateTempSubdirectory("logs-").FullName;
        var path = Path.Combine(folder, "logs.db");
        using (var connection = SqliteDatabase.OpenWriter(path))
        {
            using var future = new SqliteStatement(connection, "PRAGMA user_version=99");
            future.Run();
        }

        var before = await File.ReadAllBytesAsync(path);
        await using (var host = new LogsHost(folder))
        {
            await host.WriteAsync(JobStream, "here");
            (await host.GetAsync()).Messages.Should().Equal("here");
        }

        var kept = Directory.GetFiles(folder, "logs.db.damaged-*").Should().ContainSingle().Which;
        (await File.ReadAllBytesAsync(kept)).Should().Equal(before);
        Directory.Delete(folder, recursive: true);
    }
}
