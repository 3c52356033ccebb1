using System.Net;

namespace BatchEmulator.Server.Delivery;

/// <summary>What an HTTP status says about a delivery.</summary>
internal static class DeliveryResults
{
    public static DeliveryResult Of(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => DeliveryResult.Delivered,
        408 or 425 or 429 or >= 500 => DeliveryResult.Again,
        _ => DeliveryResult.Refused,
    };
}
