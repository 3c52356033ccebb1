using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BatchEmulator.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors.Docker;

public sealed class DockerLogReaderTests
{
    private readonly DockerLogReader _reader = new();
    private readonly List<string> _told = [];
    private readonly List<DateTimeOffset> _times = [];

    [Fact]
    public async Task Parts_of_lines_are_joined_per_stream_and_stamped_with_their_first_part()
    {
        await ReadAsync(
            Frame(1, "00:00:01.5", "one "), Frame(2, "00:00:02", "other\n"), Frame(1, "00:00:03", "line\n"), Frame(1, "00:00:04", "rest"));

        _told.Should().Equal("other", "one line");
        _times[1].Should().Be(At("00:00:01.5"));
        await _reader.FlushAsync(TellAsync);
        _told[^1].Should().Be("rest");
    }

    [Fact]
    public async Task Next_reading_continues_where_the_last_one_ended_even_within_a_line()
    {
        byte[][] log =
        [
            Frame(1, "00:00:01", "a\n"), Frame(1, "00:00:05.1", "b\n"), Frame(1, "00:00:05.9", "c\n"),
            Frame(1, "00:00:06.999999999", "d"), Frame(2, "00:00:05.8", "late\n"), Frame(1, "00:00:07", "e\n"),
        ];
        for (var cut = 0; cut <= log.Length; cut++)
        {
            var resumed = new DockerLogReader();
            _told.Clear();
            await resumed.ReadAsync(new MemoryStream([.. log.Take(cut).SelectMany(frame => frame)]), TellAsync, CancellationToken.None);

            await resumed.ReadAsync(SentFrom(log, resumed.Since), TellAsync, CancellationToken.None);

            _told.Should().Equal(["a", "b", "c", "late", "de"], "the first reading took {0} records", cut);
        }
    }

    [Fact]
    public async Task Next_reading_misses_and_repeats_nothing_after_the_clock_was_set_back()
    {
        byte[][] log =
        [
            Frame(1, "00:10:01", "a\n"), Frame(1, "00:10:05", "b\n"), Frame(1, "00:00:01", "c\n"), Frame(2, "00:00:02", "d\n"),
            Frame(1, "00:00:02", "e\n"), Frame(1, "00:10:06", "f\n"), Frame(1, "00:00:03", "g\n"),
        ];
        for (var cut = 3; cut <= log.Length; cut++)
        {
            var resumed = new DockerLogReader();
            _told.Clear();
            await resumed.ReadAsync(new MemoryStream([.. log.Take(cut).SelectMany(frame => frame)]), TellAsync, CancellationToken.None);

            await resumed.ReadAsync(SentFrom(log, resumed.Since), TellAsync, CancellationToken.None);

            _told.Should().Equal(["a", "b", "c", "d", "e", "f", "g"], "the first reading took {0} records", cut);
        }
    }

    [Fact]
    public async Task Nanoseconds_are_truncated_not_rounded()
    {
        await ReadAsync(Frame(1, "00:00:59.999999999", "x\n"));

        _times.Should().Equal(At("00:00:59.9999999"));
        _reader.Since.Should().Be(At("00:00:59").ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Anything_but_frames_is_refused()
    {
        await _reader.Awaiting(one => one.ReadAsync(new MemoryStream("no frames at all"u8.ToArray()), TellAsync, CancellationToken.None))
            .Should().ThrowAsync<InvalidDataException>();
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-01-31T{time}Z", CultureInfo.InvariantCulture);

    private static byte[] Frame(byte stream, string time, string text)
    {
        var payload = Encoding.UTF8.GetBytes($"2026-01-31T{time}Z {text}");
        var frame = new byte[8 + payload.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), payload.Length);
        payload.CopyTo(frame, 8);
        return frame;
    }

    /// <summary>Returns the engine's log from a second on.</summary>
    private static MemoryStream SentFrom(byte[][] log, long? since) => new([.. log
        .Where(frame => since is null || At(Encoding.UTF8.GetString(frame)[19..27]).ToUnixTimeSeconds() >= since)
        .SelectMany(frame => frame)]);

    private Task ReadAsync(params byte[][] frames) =>
        _reader.ReadAsync(new MemoryStream([.. frames.SelectMany(frame => frame)]), TellAsync, CancellationToken.None);

    private ValueTask TellAsync(DateTimeOffset at, string line)
    {
        _times.Add(at);
        _told.Add(line);
        return ValueTask.CompletedTask;
    }
}
