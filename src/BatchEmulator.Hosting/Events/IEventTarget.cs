namespace BatchEmulator.Hosting.Events;

/// <summary>A receiver of jobs' events.</summary>
internal interface IEventTarget : IDisposable
{
    /// <summary>Name in metrics and logs.</summary>
    string Name { get; }

    /// <summary>Maximum number of events in one call.</summary>
    int BatchSize { get; }

    /// <summary>Maximum number of concurrent calls.</summary>
    int Concurrency { get; }

    /// <summary>Sends events of different jobs.</summary>
    /// <returns>Outcome of each event, in the same order.</returns>
    /// <exception cref="HttpRequestException">Nothing was received; all events must be sent again.</exception>
    /// <exception cref="OperationCanceledException">The call took too long; all events must be sent again.</exception>
    Task<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken);
}
