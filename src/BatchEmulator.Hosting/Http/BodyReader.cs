using System.Buffers;
using System.IO.Pipelines;

namespace BatchEmulator.Hosting.Http;

/// <summary>Reads bodies of bounded size.</summary>
internal static class BodyReader
{
    /// <summary>Reads the whole body; null if it is larger than the limit.</summary>
    /// <exception cref="UnreadableBodyException">The body is incomplete.</exception>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadAsync(HttpRequest request, int limit, LargeBodies bodies)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        var patience = request.HttpContext.RequestAborted;
        var isLarge = false;
        while (true)
        {
            var result = await ReadAsync(request, patience);
            if (result.Buffer.Length > limit)
            {
                // Returned, so that the server can read on to the end of it.
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (!isLarge && result.Buffer.Length > LargeBodies.Threshold)
            {
                // Also for a body that has arrived whole: it is kept until its request is answered.
                isLarge = true;
                patience = await bodies.PermitAsync(request.HttpContext);
            }

            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(HttpRequest request, CancellationToken patience)
    {
        try
        {
            return await request.BodyReader.ReadAsync(patience);
        }
        catch (OperationCanceledException exception) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new UnreadableBodyException(
                new BadHttpRequestException("The body takes too long.", StatusCodes.Status408RequestTimeout, exception));
        }
        catch (Exception exception) when (exception is BadHttpRequestException or IOException)
        {
            // IOException: the connection is gone, or the size of a chunk is malformed (Kestrel would answer the latter with a 500).
            throw new UnreadableBodyException(exception);
        }
    }
}
