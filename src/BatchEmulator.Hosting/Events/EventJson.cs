namespace BatchEmulator.Hosting.Events;

/// <summary>An event as JSON, written once for all its receivers.</summary>
/// <param name="Bytes">The whole event in UTF-8, on one line.</param>
/// <param name="DetailStart">Start of the value of its last member, <c>detail</c>.</param>
internal sealed record EventJson(byte[] Bytes, int DetailStart)
{
    public ReadOnlySpan<byte> Detail => Bytes.AsSpan(DetailStart..^1);
}
