using BatchEmulator.Outgoing;

namespace BatchEmulator.Hosting.Events;

/// <summary>The targets of events, a line each, and the services that deliver to them.</summary>
internal static class EventDeliveries
{
    /// <summary>
    /// Adds the services. They come before the engine's loop, so that the first turn is published and the last one, too: services end in the
    /// opposite order, the publisher after the loop, and the deliveries after the publisher.
    /// </summary>
    public static void Add(IServiceCollection services, Uri? webhook, Uri? eventBridge)
    {
        var targets = new List<IEventTarget>();
        AddIfSet(webhook, url => new WebhookTarget(url));
        AddIfSet(eventBridge, url => new EventBridgeTarget(url, AwsCredentials.FromEnvironment()));

        services.AddSingleton<IReadOnlyList<EventDelivery>>(provider =>
            [.. targets.Select(target => new EventDelivery(target, provider.GetRequiredService<ILogger<EventDelivery>>()))]);
        for (var index = 0; index < targets.Count; index++)
        {
            var place = index;
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<IReadOnlyList<EventDelivery>>()[place]);
        }

        services.AddSingleton<EventHistory>(_ => new EventHistory()).AddHostedService<EventPublisher>();

        void AddIfSet(Uri? url, Func<Uri, IEventTarget> create)
        {
            if (url is not null)
            {
                targets.Add(create(url));
            }
        }
    }
}
