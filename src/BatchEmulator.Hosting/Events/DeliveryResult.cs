using System.Net;

namespace BatchEmulator.Hosting.Events;

/// <summary>Outcome of the delivery of an event.</summary>
internal abstract record DeliveryResult
{
    /// <summary>Returns the outcome that an HTTP status stands for.</summary>
    public static DeliveryResult Of(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => new Delivered(),
        408 or 425 or 429 or >= 500 => new Again($"it answers {(int)status}"),
        _ => new Refused($"it answers {(int)status}"),
    };

    internal sealed record Delivered : DeliveryResult;

    /// <summary>The receiver is temporarily unable to take the event.</summary>
    internal sealed record Again(string Reason) : DeliveryResult;

    /// <summary>The receiver will never accept the event.</summary>
    internal sealed record Refused(string Reason) : DeliveryResult;
}
