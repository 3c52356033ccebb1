using System.Buffers;

namespace BatchEmulator.Server.Http;

/// <summary>Reads bodies of bounded size.</summary>
internal static class BodyReader
{
    /// <summary>The whole body, or null when it is larger than the limit.</summary>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        while (true)
        {
            var result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (result.Buffer.Length > limit)
            {
                return null;
            }

            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
