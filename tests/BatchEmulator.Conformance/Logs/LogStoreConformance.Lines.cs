using System.Text;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    [Fact]
    public void First_line_creates_its_stream_and_group()
    {
        Append("s", "hello");

        FindGroup(Jobs).Should()
            .Be(new LogGroup(Jobs.Name, NoonMs, LogGroupSettings.Default, RetentionInDays: null, 5 + LogEvent.OverheadBytes));
        FindStream("s").Should().Be(new LogStream("s", NoonMs, Lines: 1, NoonMs, NoonMs, NoonMs));
        var item = Events("s").Should().ContainSingle().Which;
        item.Should().Be(new LogEvent("s", item.Position, NoonMs, "hello", MessageBytes: 5));
        item.Position.At.Should().Be(NoonMs);
        item.Position.Sequence.Should().BePositive();
    }

    [Fact]
    public void Lines_of_one_millisecond_are_read_in_the_order_of_writing()
    {
        Write(transaction =>
        {
            foreach (var line in (string[])["b", "a"])
            {
                transaction.AppendLine(Stream("s"), new(NoonMs, line));
            }
        });
        Write(transaction => transaction.AppendLine(Stream("s"), new(NoonMs, "c")));

        Messages("s").Should().Equal("b", "a", "c");
        Events("s").Select(item => item.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void Line_with_an_earlier_time_stays_behind_the_line_before_it()
    {
        Append("s", "first");
        Write(transaction =>
        {
            transaction.AppendLine(Stream("s"), new(NoonMs - 5, "second"));
            transaction.AppendLine(Stream("s"), new(NoonMs + 5, "third"));
            transaction.AppendLine(Stream("s"), new(NoonMs + 4, "fourth"));
        });
        Write(transaction => transaction.AppendLine(Stream("s"), new(NoonMs - 5, "fifth")));

        Messages("s").Should().Equal("first", "second", "third", "fourth", "fifth");
        Events("s").Select(item => item.Position.At - NoonMs).Should().Equal(0, 0, 5, 5, 5);
    }

    [Fact]
    public void Event_that_was_added_with_a_later_time_does_not_move_the_lines_after_it()
    {
        Append("s", "line");
        Write(transaction => transaction.AddEvents(Stream("s"), [new(NoonMs + 60_000, "event")]));
        Write(transaction => transaction.AppendLine(Stream("s"), new(NoonMs + 1_000, "next line")));

        Messages("s").Should().Equal("line", "next line", "event");
    }

    [Fact]
    public void Line_without_text_is_counted_but_makes_no_event()
    {
        Append("s", "a", "", "b");
        Append("silent", "");

        Messages("s").Should().Equal("a", "b");
        FindStream("s")!.Lines.Should().Be(3);
        FindStream("silent").Should()
            .Be(new LogStream("silent", NoonMs, Lines: 1, FirstEventAt: null, LastEventAt: null, LastIngestedAt: null));
    }

    [Fact]
    public void Parts_of_a_line_and_notices_of_lost_lines_count_as_their_number_of_lines()
    {
        Write(transaction =>
        {
            transaction.AppendLine(Stream("s"), new(NoonMs, "be", Lines: 0));
            transaction.AppendLine(Stream("s"), new(NoonMs, "gin"));
            transaction.AppendLine(Stream("s"), new(NoonMs, "lost", Lines: 40));
        });

        Messages("s").Should().Equal("be", "gin", "lost");
        FindStream("s")!.Lines.Should().Be(41);
    }

    [Theory]
    [InlineData("a\0b\u001b[31mred\u001b[0m\t\"\\\r\n")]
    [InlineData("ä漢😀")]
    [InlineData(" ")]
    public void Text_comes_back_as_it_was(string text)
    {
        Append("s", text);

        var item = Events("s").Single();
        item.Message.Should().Be(text);
        item.MessageBytes.Should().Be(Encoding.UTF8.GetByteCount(text));
        FindGroup(Jobs)!.StoredBytes.Should().Be(item.MessageBytes + LogEvent.OverheadBytes);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced()
    {
        Append("s", "lone \ud800 half");

        Messages("s").Should().Equal("lone \ufffd half");
    }

    [Fact]
    public void Long_stream_that_grows_in_transactions_of_any_size_is_read_whole_in_both_directions()
    {
        var written = 0;
        for (var size = 1; size < 70; size++)
        {
            Write(transaction =>
            {
                for (var i = 0; i < size; i++)
                {
                    transaction.AppendLine(Stream("s"), new(NoonMs + (written / 3), $"{written++}"));
                }
            });
        }

        var expected = Enumerable.Range(0, written).Select(i => $"{i}").ToList();
        Messages("s").Should().Equal(expected);
        Events("s", LogPosition.Start, LogPosition.End, isDescending: true).Select(item => item.Message).Should()
            .Equal(expected.AsEnumerable().Reverse());
        FindStream("s")!.Lines.Should().Be(written);
    }
}
