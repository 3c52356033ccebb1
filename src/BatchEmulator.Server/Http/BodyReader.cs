using System.Buffers;
using System.IO.Pipelines;

namespace BatchEmulator.Server.Http;

/// <summary>Reads bodies of bounded size.</summary>
internal static class BodyReader
{
    /// <summary>The whole body, or null when it is larger than the limit.</summary>
    /// <exception cref="UnreadableBodyException">It does not arrive whole.</exception>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        while (true)
        {
            var result = await ReadAsync(request);
            if (result.Buffer.Length > limit)
            {
                // Given back, so that the server can read on to the end of it.
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(HttpRequest request)
    {
        try
        {
            return await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or IOException)
        {
            // IOException: the connection is gone, or the size of a chunk is none (Kestrel would answer the latter with a 500).
            throw new UnreadableBodyException(exception);
        }
    }
}
