using System.Threading.Channels;
using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// Mailbox of the engine: callers put commands and events in, the loop takes them out. When it is full, callers wait for a place.
/// </summary>
internal sealed class EngineMailbox
{
    private const int Capacity = 8_192;

    private readonly Channel<Letter> _letters = Channel.CreateBounded<Letter>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private volatile EngineStoppedException? _stopped;

    public ChannelReader<Letter> Letters => _letters.Reader;

    /// <summary>Carries a command out; completes when its changes are durable.</summary>
    /// <returns>The response; null if data that the command was prepared with has changed since: it must be prepared again.</returns>
    /// <exception cref="ClientException">The command was refused.</exception>
    /// <exception cref="EngineStoppedException">The engine stopped before it was carried out.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before it was carried out.</exception>
    public async Task<TReply?> ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        var letter = new Letter(command, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _letters.Writer.WriteAsync(letter, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw _stopped ?? EngineStoppedException.Of(cause: null);
        }

        await letter.Completion!.Task;
        return command.Refusal is null ? command.Reply : throw command.Refusal;
    }

    /// <summary>
    /// Adds an event; completes when it is in the mailbox. After the end of the loop it is dropped: a restart asks again.
    /// </summary>
    public async ValueTask PostAsync(EngineInput input)
    {
        try
        {
            await _letters.Writer.WriteAsync(new Letter(input, null));
        }
        catch (ChannelClosedException)
        {
        }
    }

    /// <summary>Completes when all earlier inputs are committed.</summary>
    /// <returns>False if the loop ended before that.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        try
        {
            await ExecuteAsync(new Command<Flushed>(_ => new Flushed()), CancellationToken.None);
            return true;
        }
        catch (Exception)
        {
            // The loop has logged the reason for its end itself.
            return false;
        }
    }

    /// <summary>Makes the engine stop with an error, because a part of the server that it depends on has failed.</summary>
    public void Break(Exception reason) => _letters.Writer.TryComplete(reason);

    /// <summary>Accepts no further inputs; those still inside are not carried out.</summary>
    /// <param name="stopped">Exception for callers; the first one that is given counts.</param>
    public void Close(EngineStoppedException stopped)
    {
        _stopped ??= stopped;
        _letters.Writer.TryComplete();
        while (_letters.Reader.TryRead(out var letter))
        {
            letter.Completion?.TrySetException(stopped);
        }
    }

    private sealed record Flushed;
}

/// <summary>An input and its waiting caller; no caller waits for events.</summary>
internal readonly record struct Letter(EngineInput Input, TaskCompletionSource? Completion);
