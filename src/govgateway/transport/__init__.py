"""The way over the wire: a session that can prove "not sent", and SOAP with attachments, read strictly."""
