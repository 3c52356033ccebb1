namespace BatchEmulator.Hosting.Health;

/// <summary>
/// Progress of the start. Requests are answered before it is complete, since a bootstrap can take long with <c>--resource-delay</c>.
/// </summary>
internal sealed class StartProgress
{
    private volatile bool _isComplete;

    /// <summary>Returns true once the bootstrap is done.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Marks the start as complete.</summary>
    public void Complete() => _isComplete = true;
}
