"""Addresses of the shop."""

from django.urls import path

from shop import views

urlpatterns = [
    path("members/<str:member>", views.member),
    path("members/<str:member>/statement", views.statement),
    path("orders", views.orders),
    path("orders/<str:number>/returns", views.returns),
]
