using System.Buffers;

namespace BatchEmulator.Hosting.Http;

/// <summary>Operation of a request.</summary>
/// <param name="Name">Name in the API model.</param>
/// <param name="MaximumBody">Maximum size of the body in bytes.</param>
/// <param name="InvokeAsync">
/// Carries the operation out, from JSON to JSON. It must have read the body when it returns for the first time, since the memory is reused.
/// </param>
internal sealed record ServedOperation(
    string Name, int MaximumBody, Func<ReadOnlySequence<byte>, CancellationToken, Task<byte[]>> InvokeAsync);
