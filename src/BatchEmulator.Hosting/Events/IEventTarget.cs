namespace BatchEmulator.Hosting.Events;

/// <summary>Someone who wants to hear of jobs.</summary>
internal interface IEventTarget : IDisposable
{
    /// <summary>In metrics and logs.</summary>
    string Name { get; }

    /// <summary>Maximum number of events in one call.</summary>
    int BatchSize { get; }

    /// <summary>Maximum number of concurrent calls.</summary>
    int Concurrency { get; }

    /// <summary>Sends events of different jobs.</summary>
    /// <returns>What became of each, in their order.</returns>
    /// <exception cref="HttpRequestException">Nothing was received; all are to be sent again.</exception>
    /// <exception cref="OperationCanceledException">The same, when it took too long.</exception>
    Task<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken);
}
