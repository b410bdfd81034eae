"""Addresses of the ways in. They have no namespace: letters and the sign-in link to them."""

from django.urls import path

from firstline.web.portal.entry import first_passwords, invitations, registrations

urlpatterns = [
    path("register/", registrations.Register.as_view(), name="register"),
    path("register/sent/", registrations.Registered.as_view(), name="registered"),
    path("password/first/", first_passwords.FirstPassword.as_view(), name="first_password"),
    path("invitations/<str:key>/", invitations.Accept.as_view(), name="invitation"),
]
