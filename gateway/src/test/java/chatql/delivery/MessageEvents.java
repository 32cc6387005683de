package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;

/** Events that are the messages themselves. The first one of a subscription from the latest position has no content. */
public class MessageEvents implements SubscriptionObserver<Message> {
    private static final UserId NO_USER = new UserId("-");

    @Override
    public Message started(Cursor position) {
        return new Message(position, NO_USER, NO_USER, "");
    }

    @Override
    public Message received(Message message) {
        return message;
    }

    static boolean isStart(Message event) {
        return event.recipient().equals(NO_USER);
    }
}
