using BatchEmulator.Core;

namespace BatchEmulator.Server.Http;

/// <summary>A body is larger than its operation takes.</summary>
internal sealed class PayloadTooLargeException(string operation, int limit)
    : Exception(OpenTexts.RequestTooLarge(operation, limit / 1024))
{
    public int Limit { get; } = limit;
}
