using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using BatchEmulator.Hosting.Engine;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// <c>GET /_emulator/events</c>: server-sent events of every change from now on, or after the event that <c>Last-Event-ID</c> names. The
/// stream of a client that reads too slowly ends; when it reconnects, an event <c>missed</c> reports what is no longer available.
/// </summary>
internal sealed class EventStream(EventHistory history, EmulatorLifetime lifetime)
{
    /// <summary>Bytes that are written ahead of the client's reads; Kestrel buffers as much again for a connection.</summary>
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Time for which a client may leave sent bytes unread once its position is gone; then its connection is closed.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromMinutes(1);

    public async Task HandleAsync(HttpContext context)
    {
        using var reader = history.Open(context.Request.Headers["Last-Event-ID"]);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.Stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // A client that pauses costs nothing, so it may as long as its position is stored. Kestrel would reset the connection after a few
        // seconds.
        context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        try
        {
            await WriteAsync(context.Response.BodyWriter, reader, ending.Token);
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
    }

    private async Task WriteAsync(PipeWriter body, EventHistory.Reader reader, CancellationToken ending)
    {
        // The position is taken before the first byte is sent: a client that has read it misses no later event.
        body.Write(": connected\n\n"u8);
        if (reader.Missed is { } missed)
        {
            Write(body, reader.LastId, "event: missed\n"u8, Json(missed));
        }

        await body.FlushAsync(ending);
        while (await reader.ReadAsync(ChunkBytes, ending) is var (first, events))
        {
            for (var index = 0; index < events.Count; index++)
            {
                Write(body, history.IdOf(first + index), [], events[index]);
            }

            await FlushAsync(body, reader, ending);
        }

        body.Write(": this stream ends because its reader is too slow; Last-Event-ID in another request continues from there\n\n"u8);
        await FlushAsync(body, reader, ending);
    }

    /// <exception cref="TimeoutException">The client's position is gone, and it does not read the bytes already sent.</exception>
    private static async Task FlushAsync(PipeWriter body, EventHistory.Reader reader, CancellationToken ending)
    {
        var flush = body.FlushAsync(ending).AsTask();
        while (!flush.IsCompleted)
        {
            var wasBehind = reader.IsBehind;
            try
            {
                await flush.WaitAsync(FarewellTime, ending);
            }
            catch (TimeoutException) when (!wasBehind)
            {
            }
        }

        await flush;
    }

    private static void Write(PipeWriter body, string id, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        body.Write("id: "u8);
        Encoding.UTF8.GetBytes(id, body);
        body.Write("\n"u8);
        body.Write(type);
        body.Write("data: "u8);
        body.Write(data);
        body.Write("\n\n"u8);
    }

    private static byte[] Json(MissedEvents missed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (missed.Count is { } count)
            {
                writer.WriteNumber("count", count);
            }

            writer.WriteString("after", missed.After);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
