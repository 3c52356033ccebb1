using BatchEmulator.Server.Engine;

namespace BatchEmulator.Server.Control;

/// <summary><c>GET /_emulator/events</c>: server-sent events of every change from now on. A reader that is too slow is cut off.</summary>
internal sealed class EventStream(ChangeFeed feed, IHostApplicationLifetime lifetime)
{
    public async Task HandleAsync(HttpContext context)
    {
        using var subscription = feed.Subscribe();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            // The subscription stands before the first byte is sent: who has read it misses nothing that follows.
            await context.Response.Body.WriteAsync(": connected\n\n"u8.ToArray(), ending.Token);
            await context.Response.Body.FlushAsync(ending.Token);
            await foreach (var turn in subscription.Changes.ReadAllAsync(ending.Token))
            {
                foreach (var change in turn.Changes)
                {
                    if (EventWriter.Write(change, turn.At) is { } json)
                    {
                        await context.Response.Body.WriteAsync((byte[])[.. "data: "u8, .. json, .. "\n\n"u8], ending.Token);
                    }
                }

                await context.Response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
    }
}
