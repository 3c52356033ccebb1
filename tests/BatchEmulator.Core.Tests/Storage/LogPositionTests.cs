using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Core.Tests.Storage;

public sealed class LogPositionTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1_777_636_800_000, 1)]
    [InlineData(1_777_636_800_000, 9_000_000_000)]
    public void A_position_is_56_digits_and_round_trips(long at, long sequence)
    {
        var position = new LogPosition(at, sequence);

        position.ToString().Should().HaveLength(56);
        LogPosition.Parse(position.ToString()).Should().Be(position);
    }

    [Fact]
    public void The_digits_are_in_the_order_of_the_events() =>
        string.CompareOrdinal(new LogPosition(1_777_636_800_000, 9).ToString(), new LogPosition(1_777_636_800_001, 1).ToString()).Should()
            .BeNegative();

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1a")]
    [InlineData("٣")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999999")]
    public void Other_texts_are_no_positions(string text) => LogPosition.Parse(text).Should().BeNull();
}
